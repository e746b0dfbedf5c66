/**
 * A thread of history: reads, or keeps, one task at a time. SQLite and zstd are loaded here and nowhere else, so a hub has them in memory while there
 * is something to do, and no longer.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { isFileDamage } from '../file/damage.ts';
import { HistoryFile } from '../file/history-file.ts';
import { HISTORY_FILE } from '../file/file-name.ts';
import { keepOrMend } from '../file/keeper.ts';
import { readBuckets, type ReadParts } from '../read/read-buckets.ts';
import { notBroughtIn, TapeShelf } from '../read/tape-shelf.ts';
import { readExtent, readProcesses } from '../read/read-processes.ts';
import type { Answers, Kept, KeepTask, ReadTask, ThreadAnswer, ThreadStart, ThreadTask } from './tasks.ts';

const start = workerData as ThreadStart;
const port = parentPort!;
const shelf = new TapeShelf(start.folder);

port.on('message', (task: ThreadTask) => {
  const answer = answerTo(task);
  port.postMessage(answer, buffersOf(answer));
});

function answerTo(task: ThreadTask): ThreadAnswer {
  try {
    return { kind: 'done', value: task.kind === 'keep' ? keep(task) : read(task) };
  } catch (error) {
    return { kind: 'failed', code: codeOf(error), message: (error as Error).message };
  }
}

function keep({ tapes, now }: KeepTask): Kept {
  const damaged: string[] = [];
  const bytes = keepOrMend({ ...start, onDamaged: (what) => damaged.push(what) }, tapes, now);
  return { bytes, damaged };
}

function read(task: ReadTask): Answers[ReadTask['kind']] {
  const tapes = shelf.read();
  using file = openFile();
  const answer = (): Answers[ReadTask['kind']] => {
    const parts: ReadParts = { ladder: start.ladder, file, tapes: notBroughtIn(tapes, file) };
    if (task.kind === 'buckets') return readBuckets(parts, task.query);
    return task.kind === 'processes' ? readProcesses(parts, task.query) : readExtent(parts, task.host);
  };
  return file === null ? answer() : file.reading(answer);
}

/** Null: nothing was ever brought into it. */
function openFile(): HistoryFile | null {
  const file = path.join(start.folder, HISTORY_FILE);
  return existsSync(file) ? HistoryFile.toRead(file, start.ladder.length) : null;
}

/** Columns are handed over, not copied. */
function buffersOf(answer: ThreadAnswer): ArrayBuffer[] {
  if (answer.kind !== 'done' || !('series' in answer.value)) return [];
  return answer.value.series.flatMap(({ min, mean, max, count, last }) =>
    [min, mean, max, count, last].map(({ buffer }) => buffer as ArrayBuffer),
  );
}

function codeOf(error: unknown): 'damaged' | 'disk' | 'internal' {
  if (isFileDamage(error)) return 'damaged';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code !== 'ERR_INTERNAL_ASSERTION' ? 'disk' : 'internal';
}
