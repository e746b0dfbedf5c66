/** One file, written to by a process of its own, and any number of tailers that follow it, each in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import type { Tailer, TailResult } from './tail-result.ts';

const casePath = fileURLToPath(new URL('tail-case.ts', import.meta.url));
const writerPath = fileURLToPath(new URL('line-writer.ts', import.meta.url));
/** Built, as it ships. */
const builtPath = fileURLToPath(new URL('../../node_modules/.cache/bench/tail-case.mjs', import.meta.url));
const PATIENCE_MS = 5_000;

export interface TailRun {
  results: Map<Tailer, TailResult>;
  /** The machine's monotonic clock when the writer had written its last line, in milliseconds. */
  writtenAtMs: number;
  /** Lines that the writer really wrote in a second. */
  linesPerSecond: number;
}

export interface TailLoad {
  tailers: readonly Tailer[];
  lines: number;
  linesPerSecond: number;
  /** What was not told so long after the last write will not be. Default 5 s. */
  patienceMs?: number | undefined;
  /** Called once, while the writer writes. Default: nothing happens. */
  during?: (file: string, reopen: () => void) => Promise<void>;
  /** Called after all, while the folder is there. */
  after?: (folder: string) => void;
}

export async function buildTailCase(): Promise<void> {
  await build({
    input: casePath,
    platform: 'node',
    external: [/^node:/, 'tail-file'],
    output: { file: builtPath, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  });
}

export async function runTailers({
  tailers,
  lines,
  linesPerSecond,
  patienceMs = PATIENCE_MS,
  during,
  after,
}: TailLoad): Promise<TailRun> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'app.log');
  writeFileSync(file, '');
  const runs = await Promise.all(tailers.map((tailer) => startTailer(tailer, file, lines, opened)));
  const writer = startProcess([writerPath, file, String(lines), String(linesPerSecond)], opened);
  const written = createInterface({ input: writer.stdout! })[Symbol.asyncIterator]().next();
  await during?.(file, () => writer.kill('SIGHUP'));
  const { value: writtenMs } = await written;
  const writtenAtMs = Number(process.hrtime.bigint() / 1000n) / 1000;
  const patience = setTimeout(() => runs.forEach(({ end }) => end()), patienceMs);
  const results = await Promise.all(runs.map(({ result }) => result));
  clearTimeout(patience);
  after?.(folder);
  return {
    results: new Map(tailers.map((tailer, index) => [tailer, results[index]!])),
    writtenAtMs,
    linesPerSecond: (1000 * lines) / Number(writtenMs),
  };
}

async function startTailer(tailer: Tailer, file: string, lines: number, opened: AsyncDisposableStack) {
  const child = startProcess([builtPath, tailer, file, String(lines)], opened);
  const printed = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const { value: ready } = await printed.next();
  if (ready !== 'ready') throw new Error(`The tailer "${tailer}" did not start.`);
  const result = printed.next().then(({ value }) => JSON.parse(String(value)) as TailResult);
  return { result, end: () => child.stdin!.end() };
}

function startProcess(args: string[], opened: AsyncDisposableStack): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  opened.defer(async () => {
    child.kill();
    await exited;
  });
  return child;
}
