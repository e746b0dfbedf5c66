/** slowhttptest against a hub: hundreds of connections that send as slowly as they can, while others are served. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { observedHost } from '../support/observations.ts';
import { ask } from '../support/secure-reader.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { hasTool } from '../support/system-tools.ts';
import { until } from '../support/until.ts';

const CONNECTIONS = 300;

const attacks = [
  ['heads', ['-H']],
  ['bodies', ['-B', '-t', 'POST']],
] as const;

describe.skipIf(!hasTool('slowhttptest'))('slowhttptest', () => {
  test.for(attacks)(
    'slow %s: each connection is ended, and others are served meanwhile',
    async ([, flags]) => {
      await using hub = await startTestHub({ headersTimeoutMs: 1_000, requestTimeoutMs: 1_000 });
      using healthy = readStream(hub);
      await healthy.until('ready');
      const url = `${hub.origin}/api/v1/session`;
      const rate = ['-c', String(CONNECTIONS), '-r', String(CONNECTIONS), '-i', '1', '-l', '5', '-u', url];
      const attack = execFile('slowhttptest', [...flags, ...rate]);
      let output = '';
      attack.stdout!.on('data', (text: string) => (output += text));
      const ended = once(attack, 'close');
      await until(
        'the attack to be under way',
        () => /connected:\s+[1-9]/.test(output) || attack.exitCode !== null,
      );
      hub.sink.describe(observedHost());
      await healthy.until('host');
      expect((await hub.get('/api/v1/hosts')).status).toBe(200);
      await ended;
      // Whatever it opened was ended by the hub, long before the attack would have.
      expect(output).toContain('No open connections left');
      expect(hub.troubles).toEqual([]);
    },
  );

  test('slow heads under TLS', async () => {
    await using hub = await startTestHub({
      tls: 'self-signed',
      headersTimeoutMs: 1_000,
      requestTimeoutMs: 1_000,
    });
    const args = ['-H', '-c', '100', '-r', '100', '-i', '1', '-l', '5', '-u', `${hub.origin}/healthz`];
    const attack = execFile('slowhttptest', args);
    const ended = once(attack, 'close');
    await until(
      'an answer meanwhile',
      async () => (await ask(hub, 'HTTP/2', { path: '/healthz' })).status === 200,
    );
    await ended;
    expect((await ask(hub, 'HTTP/1.1', { path: '/healthz' })).status).toBe(200);
    expect(hub.troubles).toEqual([]);
  });
});
