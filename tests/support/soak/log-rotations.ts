/** The ways in which a log is rotated under a tailer, on a real file that a real process writes. */
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { numberOf, type LogsHarvest } from './logs-harvest.ts';

/** Rotated files kept beside the current one, read or not. */
const KEPT = 5;
const LINGER_MS = 500;
/** For the writer to stand still. */
const STOPPED_MS = 50;
/** Two seconds of lines after the newest that was read then, all of the deleted file has been. */
const DELETED_LINES = 20_000;
/** What is not read by then is lost, and counted as that. */
const DELETED_MS = 10_000;

export interface RotatedLog {
  file: string;
  /** Of the process that writes it: SIGHUP makes it open the path again. */
  signal: (signal: 'SIGHUP' | 'SIGSTOP' | 'SIGCONT') => void;
  harvest: LogsHarvest;
}

type Rotation = (log: RotatedLog) => Promise<void> | void;

/** Also while no tailer runs: what they move stays where a tailer looks. */
export const rotations = {
  async rename({ file, signal }) {
    shift(file);
    renameSync(file, `${file}.1`);
    signal('SIGHUP');
    await untilThere(file);
  },
  'rename, the writer lingering': async ({ file, signal }) => {
    shift(file);
    renameSync(file, `${file}.1`);
    writeFileSync(file, '');
    await sleep(LINGER_MS);
    signal('SIGHUP');
  },
  'two renames at once': async ({ file, signal }) => {
    for (let i = 0; i < 2; i++) {
      shift(file);
      renameSync(file, `${file}.1`);
      signal('SIGHUP');
      await untilThere(file);
    }
  },
  copytruncate: async ({ file, signal }) => {
    // Stopped, because what is written between copy and truncation nobody can read.
    signal('SIGSTOP');
    await sleep(STOPPED_MS);
    shift(file);
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
    signal('SIGCONT');
  },
} satisfies Record<string, Rotation>;

/** Only while a tailer runs, which has to have read it all before it is killed: a deleted file is nowhere. */
export const deletions = {
  async delete({ file, signal, harvest }) {
    // What nobody had opened by then would be nowhere.
    await untilRead(harvest, lastNumberOf(file));
    unlinkSync(file);
    signal('SIGHUP');
    await untilThere(file);
    await untilRead(harvest, harvest.newest + DELETED_LINES);
  },
} satisfies Record<string, Rotation>;

/** On a busy machine its writer takes a while. */
async function untilThere(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(1);
}

async function untilRead(harvest: LogsHarvest, number: number): Promise<void> {
  const deadline = performance.now() + DELETED_MS;
  while (!harvest.isComplete && !harvest.hasAllUpTo(number) && performance.now() < deadline) await sleep(10);
}

/** NaN where it holds none so far. */
function lastNumberOf(file: string): number {
  const lines = readFileSync(file, 'latin1').split('\n');
  return numberOf(lines.at(-2) ?? '');
}

function shift(file: string): void {
  const generations = readdirSync(path.dirname(file)).filter((name) => /\.log\.\d+$/.test(name)).length;
  for (let i = generations; i >= 1; i--) renameSync(`${file}.${i}`, `${file}.${i + 1}`);
}

/** Compresses what was read and is old, as logrotate does with `delaycompress`. */
export function compressOld({ file, harvest }: RotatedLog): number {
  let compressed = 0;
  for (let i = KEPT + 1; existsSync(`${file}.${i}`); i++) {
    const last = lastNumberOf(`${file}.${i}`);
    if (Number.isNaN(last) || !harvest.hasAllUpTo(last)) return compressed;
    // Oldest last in the list, so that numbers stay without holes: only the last one may go.
    if (existsSync(`${file}.${i + 1}`)) continue;
    writeFileSync(`${file}.${last}.gz`, gzipSync(readFileSync(`${file}.${i}`)));
    rmSync(`${file}.${i}`);
    compressed++;
  }
  return compressed;
}
