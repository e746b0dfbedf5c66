/** What the collector costs the machine it measures: CPU and memory of a process that does nothing else, at 1 Hz. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import type { CollectCase, CollectCaseResult } from './collect-case.ts';
import { countProcesses } from './process-cost.ts';

const runFile = promisify(execFile);
const casePath = fileURLToPath(new URL('collect-case.ts', import.meta.url));
/** Built, as it ships: Node's loader for TypeScript alone would take 40 MB. */
const builtPath = fileURLToPath(new URL('../node_modules/.cache/bench/collect-case.mjs', import.meta.url));
const MEBIBYTE = 1024 * 1024;

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const window = quick ? { warmupSeconds: 4, seconds: 15 } : { warmupSeconds: 10, seconds: 60 };
  const measure = (workload: CollectCase) => measureCase(workload, window);
  const rows: BenchRow[] = [];
  await build({
    input: casePath,
    platform: 'node',
    external: [/^node:/, 'systeminformation'],
    output: { file: builtPath, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
  await withProcesses(100, async () => {
    const [empty, without, table, library] = await Promise.all([
      measure('empty'),
      measure('no-process-table'),
      measure('process-table'),
      measure('systeminformation'),
    ]);
    rows.push(
      ...costs('collector at 1 Hz, no process table', without, 0.25),
      ...costs('collector at 1 Hz, 100 processes', table, 0.4),
      spawned('collector, child processes spawned', [without, table]),
      ...costs('peer: empty Node process', empty, null),
      ...costs('peer: systeminformation at 1 Hz, no process table', library, null),
    );
  });
  await withProcesses(500, async () => {
    rows.push(...costs('collector at 1 Hz, 500 processes', await measure('process-table'), null));
  });
  return rows;
}

async function measureCase(
  workload: CollectCase,
  { warmupSeconds, seconds }: { warmupSeconds: number; seconds: number },
): Promise<CollectCaseResult> {
  const args = [builtPath, workload, String(warmupSeconds), String(seconds)];
  const { stdout } = await runFile(process.execPath, args, {
    timeout: (warmupSeconds + seconds + 30) * 1000,
  });
  const result = JSON.parse(stdout) as CollectCaseResult;
  // A collector that stalled would be cheap.
  if (result.samples < seconds - 2)
    throw new Error(`${workload} made ${result.samples} samples in ${seconds} s.`);
  return result;
}

function costs(
  name: string,
  { cpuPercent, residentBytes }: CollectCaseResult,
  bar: number | null,
): BenchRow[] {
  const cpu = Math.round(cpuPercent * 1000) / 1000;
  const unit = '% of one core';
  return [
    bar === null ? plainRow(`${name}: CPU`, cpu, unit) : barRow(`${name}: CPU`, cpu, unit, bar),
    plainRow(`${name}: memory`, Math.round(residentBytes / MEBIBYTE), 'MiB RSS'),
  ];
}

function spawned(name: string, results: CollectCaseResult[]): BenchRow {
  return barRow(name, results.filter((result) => result.hasSpawned).length, 'cases', 0);
}

/** Fills the machine up to so many processes with sleepers, and ends them afterwards. */
async function withProcesses(count: number, step: () => Promise<void>): Promise<void> {
  const missing = Math.max(0, count - countProcesses());
  const sleepers = Array.from({ length: missing }, () => spawn('sleep', ['600'], { stdio: 'ignore' }));
  try {
    await step();
  } finally {
    await Promise.all(sleepers.map(end));
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
