/** History under `kill -9`: a program that takes samples and brings them in is killed at random moments, again and again; then every second is counted. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HistoryFile } from '../../../hub/history/store/file/history-file.ts';
import { HISTORY_FILE } from '../../../hub/history/store/file/file-name.ts';
import { bucketsIn, shortLadder } from '../history-of.ts';
import { makeTempFolder } from '../temp-folder.ts';

export interface HistorySoakOptions {
  kills: number;
  /** Told after each kill. */
  onProgress?: (line: string) => void;
}

export interface HistorySoakResult {
  kills: number;
  /** Samples that a program had told to be on the disk. */
  samples: number;
  /** ... and of these are not there, or more than once. */
  lost: number;
  doubled: number;
  /** What was not "ok" of the integrity checks after each kill. */
  damaged: string[];
  troubles: string[];
}

/** A life after its first word, in milliseconds. */
const LONGEST_LIFE_MS = 600;
/** Before these, so that all that a life writes is kept as samples: the finest tier has ten minutes. */
const SECONDS_BACK = 500;
const child = path.join(import.meta.dirname, '../history-child.ts');

export async function soakHistory({ kills, onProgress }: HistorySoakOptions): Promise<HistorySoakResult> {
  await using folder = await makeTempFolder();
  const result: HistorySoakResult = { kills, samples: 0, lost: 0, doubled: 0, damaged: [], troubles: [] };
  const history = path.join(folder.path, 'history');
  for (let kill = 1; kill <= kills; kill++) {
    const first = Math.floor(Date.now() / 1_000) - SECONDS_BACK + ((kill * 50) % 300);
    const written = await live(folder.path, first, result.troubles);
    if (existsSync(path.join(history, HISTORY_FILE))) check(history, result);
    const counts = countsOf(history, first, written);
    result.samples += counts.length;
    result.lost += counts.filter((count) => count === 0).length;
    result.doubled += counts.filter((count) => count > 1).length;
    onProgress?.(
      `${kill} of ${kills}: ${counts.length} samples, ${result.lost} lost, ${result.doubled} doubled`,
    );
  }
  return result;
}

/** Until it is killed. Answers the last second that it told to be on the disk. */
async function live(dataDir: string, first: number, troubles: string[]): Promise<number> {
  const program = fork(child, [dataDir, String(first)]);
  let written = first - 1;
  program.on('message', (told: { written?: number; trouble?: string }) => {
    if (told.written !== undefined) written = told.written;
    if (told.trouble !== undefined) troubles.push(told.trouble);
  });
  const exit = once(program, 'exit');
  try {
    await Promise.race([once(program, 'message'), exit]);
    if (program.exitCode !== null) troubles.push(`It ended by itself, with ${program.exitCode}`);
    await sleep(Math.random() * LONGEST_LIFE_MS);
  } finally {
    program.kill('SIGKILL');
    await exit;
  }
  return written;
}

function check(history: string, { damaged }: HistorySoakResult): void {
  using file = new HistoryFile(path.join(history, HISTORY_FILE), { tiers: shortLadder.length });
  if (file.integrity !== 'ok') damaged.push(file.integrity);
}

/** Of the seconds from `first` to `last`, both included. */
function countsOf(history: string, first: number, last: number): number[] {
  if (last < first) return [];
  const query = { host: 'web-1', series: ['cpu.user'], stepMs: 1_000 };
  const { series } = bucketsIn(history, { ...query, from: first * 1_000, to: (last + 1) * 1_000 });
  return [...(series[0]?.count ?? new Float64Array(last - first + 1))];
}
