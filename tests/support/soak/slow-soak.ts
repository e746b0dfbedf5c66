/** slowhttptest with as many connections as asked for, while a reader follows a stream and others ask for answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { plainText } from '../../../shared/ansi-text.ts';
import { startHubProcess } from '../hub-process.ts';
import { readStream } from '../stream-reader.ts';
import { until } from '../until.ts';

export type Slowness = 'heads' | 'bodies' | 'reads';

export interface SlowSoakOptions {
  slowness: Slowness;
  connections: number;
  seconds: number;
  /** Default 200. */
  linesPerSecond?: number;
}

export interface SlowSoakResult {
  /** Most connections it had at a time, by its own count. */
  mostConnected: number;
  /** How often it looked whether the hub is available, and how often it was not. */
  looks: number;
  unavailable: number;
  /** Answers that others asked for meanwhile, and the slowest of them. */
  answers: number;
  slowestMs: number;
  /** Lines that the reader lacks, or had out of order. */
  lost: number;
  grownBytes: number;
}

/** The hub is not available where it answers nothing for this long: a machine that is busy with a thousand connections is slow too. */
const PROBE_SECONDS = 4;

const flags: Record<Slowness, string[]> = {
  heads: ['-H'],
  bodies: ['-B', '-f', 'application/json'],
  reads: ['-X', '-w', '1', '-y', '16', '-n', '1', '-z', '1'],
};

/** Needs slowhttptest. Its connections may be one address's: limits of streams do not matter to it, time limits do. */
export async function soakSlow(options: SlowSoakOptions): Promise<SlowSoakResult> {
  const { slowness, connections, seconds, linesPerSecond = 200 } = options;
  await using hub = await startHubProcess();
  using reader = readStream({ ...hub, query: 'channels=logs' });
  await reader.until('ready');
  await hub.publish(linesPerSecond);
  const before = await hub.residentBytes();
  const url = `${hub.origin}${slowness === 'bodies' ? '/api/v1/session' : '/api/v1/hosts'}`;
  const counts = ['-c', connections, '-r', connections, '-i', 1, '-l', seconds, '-p', PROBE_SECONDS].map(
    String,
  );
  const attack = spawn('slowhttptest', [...flags[slowness], ...counts, '-u', url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  attack.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(attack, 'close').then(() => true);

  let answers = 0;
  let slowestMs = 0;
  for (let isOver = false; !isOver;) {
    const askedAt = performance.now();
    const response = await hub.get('/api/v1/hosts');
    if (response.ok) answers++;
    await response.arrayBuffer();
    slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    isOver = await Promise.race([ended, new Promise<false>((resolve) => setTimeout(resolve, 20, false))]);
  }
  const published = await hub.publish(0);
  const texts = () => reader.dataOf('log').map(({ text }) => Number(text.split(' ')[1]));
  await until('the last line', () => texts().length >= published).catch(() => undefined);
  const seen = plainText(output);
  const looks = [...seen.matchAll(/service available:\s+(YES|NO)/g)].map((match) => match[1]);
  return {
    mostConnected: Math.max(0, ...[...seen.matchAll(/connected:\s+(\d+)/g)].map((match) => Number(match[1]))),
    looks: looks.length,
    unavailable: looks.filter((look) => look === 'NO').length,
    answers,
    slowestMs,
    lost: published - texts().filter((number, at) => number === at).length,
    grownBytes: (await hub.residentBytes()) - before,
  };
}
