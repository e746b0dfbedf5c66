/**
 * What many agents cost their hub: 500 of them at 1 Hz over HTTPS, each sample on the disk before it is answered; and how soon a
 * live sample reaches a reader while ten of them catch up on a day. The hub has the first CPU, the agents the second.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agents } from '../../hub/agents/agents.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { cpuNanoseconds, residentBytes } from '../process-cost.ts';
import { hostIdOf, seriesPerSample } from './agent-load.ts';
import type { LoadAnswer, LoadCommand, LoadOrder } from './load-generator.ts';

const AGENTS = 500;
const BACKFILLING = 10;
const DAY_SAMPLES = 86_400;
const MEBIBYTE = 1024 * 1024;

export async function hubIngestRows({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const tokens = pairedTokens(dataDir);
  const hub = await startIngestHub(dataDir, opened);
  const load = await startLoad({ ...hub, ownerToken: hub.token, tokens }, opened);

  await sleep(quick ? 2_000 : 10_000);
  await ask(load, { lags: true });
  const seconds = quick ? 6 : 30;
  const cpuBefore = cpuNanoseconds(hub.pid);
  const from = performance.now();
  await sleep(seconds * 1_000);
  const cpuPercent = (cpuNanoseconds(hub.pid) - cpuBefore) / 1e4 / (performance.now() - from);
  const steady = await askLags(load);
  // A hub that stalled would be cheap.
  if (steady.lagsMs.length < 0.95 * AGENTS * seconds) {
    throw new Error(`Of ${AGENTS * seconds} samples ${steady.lagsMs.length} reached the reader in time.`);
  }

  const samples = quick ? DAY_SAMPLES / 12 : DAY_SAMPLES;
  const backfill = await ask(load, { backfill: BACKFILLING, samples });
  const during = await askLags(load);
  if (!('backfilled' in backfill)) throw new Error('The load generator did not answer.');
  const rate = backfill.backfilled / backfill.seconds;
  const memory = residentBytes(hub.pid) / MEBIBYTE;
  load.disconnect();
  await hub.kill();
  const startedAgainAt = performance.now();
  await startIngestHub(dataDir, opened);
  const startSeconds = (performance.now() - startedAgainAt) / 1_000;
  return [
    barRow(
      `hub, ${AGENTS} agents at 1 Hz, ${seriesPerSample()} series each: CPU`,
      cpuPercent,
      '% of one core',
      60,
    ),
    plainRow('... memory', memory, 'MiB RSS'),
    barRow('... a sample at a reader, p99', quantile(steady.lagsMs, 0.99), 'ms', 1_000),
    barRow(
      `... while ${BACKFILLING} catch up on ${quick ? 'two hours' : 'a day'}, p99`,
      quantile(during.lagsMs, 0.99),
      'ms',
      1_000,
    ),
    plainRow('... what they caught up with', rate, 'samples/s'),
    plainRow('... late batches sent back', backfill.sentBack, 'batches'),
    barRow('... killed and started again with a full journal', startSeconds, 's', 2),
    barRow('... live batches that were not taken', steady.failures + during.failures, 'batches', 0),
  ];
}

function pairedTokens(dataDir: string): string[] {
  const agents = new Agents(dataDir, (trouble) => {
    throw trouble;
  });
  return Array.from({ length: AGENTS }, (_, agent) => {
    const host = hostIdOf(agent);
    return agents.pair({ host, name: host, version: '0.0.0-bench' });
  });
}

interface BenchHub {
  pid: number;
  port: number;
  token: string;
  certificate: string;
  kill(): Promise<void>;
}

async function startIngestHub(dataDir: string, opened: AsyncDisposableStack): Promise<BenchHub> {
  const file = join(import.meta.dirname, 'ingest-hub.ts');
  const hub = spawn('taskset', ['-c', '0', process.execPath, '--no-warnings', file, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(hub, 'exit');
  opened.defer(async () => {
    hub.stdin.end();
    await ended;
  });
  const [line] = (await Promise.race([
    once(createInterface(hub.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('The hub ended before it listened'))),
  ])) as [string];
  return {
    pid: hub.pid!,
    ...(JSON.parse(line) as Pick<BenchHub, 'port' | 'token' | 'certificate'>),
    async kill() {
      hub.kill('SIGKILL');
      await ended;
    },
  };
}

async function startLoad(order: LoadOrder, opened: AsyncDisposableStack): Promise<ChildProcess> {
  const load = fork(join(import.meta.dirname, 'load-generator.ts'), [JSON.stringify(order)], {
    execArgv: ['--no-warnings'],
  });
  const ended = once(load, 'exit');
  opened.defer(async () => {
    if (load.connected) load.disconnect();
    await ended;
  });
  await Promise.race([
    once(load, 'message'),
    ended.then(() => Promise.reject(new Error('The load generator ended before it was ready'))),
  ]);
  spawn('taskset', ['-cp', '1', String(load.pid)], { stdio: 'ignore' });
  return load;
}

async function ask(load: ChildProcess, command: LoadCommand): Promise<LoadAnswer> {
  load.send(command);
  const [answer] = (await once(load, 'message')) as [LoadAnswer];
  return answer;
}

async function askLags(load: ChildProcess): Promise<{ lagsMs: number[]; failures: number }> {
  const answer = await ask(load, { lags: true });
  if (!('lagsMs' in answer)) throw new Error('The load generator did not tell how late samples were.');
  return answer;
}

function quantile(values: number[], share: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0;
}
