/** Readers behind a link that goes down without a word, in a network namespace of their own. Needs root on Linux. */
import { execFileSync, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { metric } from '../support/metric.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

/** A veth pair whose one end is in a namespace; null where that is not allowed. */
class DistantNetwork implements Disposable {
  readonly #name = `wl${process.pid % 100_000}`;
  readonly hubAddress = '10.213.77.1';

  static open(): DistantNetwork | null {
    if (process.getuid?.() !== 0) return null;
    const network = new DistantNetwork();
    try {
      network.#build();
      return network;
    } catch {
      network[Symbol.dispose]();
      return null;
    }
  }

  #build(): void {
    const [outside, inside] = [`${this.#name}o`, `${this.#name}i`];
    run('ip', 'netns', 'add', this.#name);
    run('ip', 'link', 'add', outside, 'type', 'veth', 'peer', 'name', inside);
    run('ip', 'link', 'set', inside, 'netns', this.#name);
    run('ip', 'addr', 'add', `${this.hubAddress}/24`, 'dev', outside);
    run('ip', 'link', 'set', outside, 'up');
    this.inside('ip', 'addr', 'add', '10.213.77.2/24', 'dev', inside);
    this.inside('ip', 'link', 'set', inside, 'up');
  }

  inside(...command: string[]): void {
    run('ip', 'netns', 'exec', this.#name, ...command);
  }

  spawnInside(...command: string[]) {
    return spawn('ip', ['netns', 'exec', this.#name, ...command]);
  }

  /** Neither end learns of it from the other. */
  cut(): void {
    this.inside('ip', 'link', 'set', `${this.#name}i`, 'down');
  }

  [Symbol.dispose](): void {
    for (const command of [
      ['ip', 'link', 'del', `${this.#name}o`],
      ['ip', 'netns', 'del', this.#name],
    ]) {
      try {
        run(...(command as [string, ...string[]]));
      } catch {
        // What was never made is gone already.
      }
    }
  }
}

function run(program: string, ...words: string[]): void {
  execFileSync(program, words, { stdio: 'ignore' });
}

const probe = DistantNetwork.open();
const isPossible = probe !== null;
probe?.[Symbol.dispose]();

test.skipIf(!isPossible).for(['with data on its way', 'idle'] as const)(
  'a half-open reader is gone within two pings: %s',
  { timeout: 60_000 },
  async (kind) => {
    const heartbeatMs = kind === 'idle' ? 60_000 : 3_000;
    using network = DistantNetwork.open()!;
    await using hub = await startTestHub({
      host: '0.0.0.0',
      allowedHosts: [network.hubAddress],
      heartbeatMs,
      outboxMs: 60_000,
    });
    hub.sink.describe(observedHost());
    const curl = network.spawnInside(
      ...['curl', '-sN', '-H', `Authorization: Bearer ${hub.ownerToken}`],
      `http://${network.hubAddress}:${hub.port}/api/v1/stream?channels=metrics`,
    );
    let output = '';
    curl.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('the stream', () => output.includes('event: ready'));
    network.cut();
    let index = 0;
    // The kernel alone would go on for a quarter of an hour with data on its way, for two hours without.
    await until(
      'the slot to be free',
      async () => {
        if (kind !== 'idle') hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index++ % 100) });
        return (await metric(hub, 'watchline_hub_streams')) === 0;
      },
      30_000,
    );
    if (kind !== 'idle') expect(await metric(hub, 'watchline_hub_cuts_total{reason="half-open"}')).toBe(1);
    curl.kill('SIGKILL');
  },
);
