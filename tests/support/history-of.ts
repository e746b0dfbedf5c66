/** A history made by hand: rows on tapes of a folder, and what a naive computation over the same rows would answer. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nextName } from '../../hub/archive/archive-folder.ts';
import { HistoryFile } from '../../hub/history/store/file/history-file.ts';
import { HISTORY_FILE } from '../../hub/history/store/file/file-name.ts';
import { keepOrMend, type KeeperOptions } from '../../hub/history/store/file/keeper.ts';
import type { BucketQuery, HostBuckets } from '../../hub/history/store/history-reader.ts';
import type { Tier } from '../../hub/history/store/ladder.ts';
import { readBuckets, type ReadParts } from '../../hub/history/store/read/read-buckets.ts';
import { notBroughtIn, TapeShelf } from '../../hub/history/store/read/tape-shelf.ts';
import { layoutRecord, rowRecord } from '../../hub/history/store/tape/records.ts';

/** One sample: null is unknown. */
export interface TestRow {
  host: string;
  time: number;
  values: Record<string, number | null>;
}

const second = 1_000;

/** As the real one, but over within minutes. */
export const shortLadder: readonly Tier[] = [
  { stepMs: second, keepMs: 600 * second, spanMs: 240 * second, share: 0.25 },
  { stepMs: 10 * second, keepMs: 1_200 * second, spanMs: 480 * second, share: 0.25 },
  { stepMs: 60 * second, keepMs: 3_600 * second, spanMs: 960 * second, share: 0.25 },
  { stepMs: 240 * second, keepMs: 36_000 * second, spanMs: 1_920 * second, share: 0.2 },
  // A bucket of it is longer than a span of the finest.
  { stepMs: 480 * second, keepMs: 36_000 * second, spanMs: 3_840 * second, share: 0.05 },
];

/** Writes a tape; answers its name. */
export function writeHistoryTape(folder: string, rows: readonly TestRow[]): string {
  const name = nextName(folder, 'tape');
  const records = rows.flatMap(({ host, time, values }, id) => {
    const numbers = Float64Array.from(Object.values(values), (value) => value ?? NaN);
    return [
      layoutRecord({ id, host, keys: Object.keys(values) }),
      rowRecord(id, time, numbers, numbers.length),
    ];
  });
  writeFileSync(path.join(folder, name), Buffer.concat(records));
  return name;
}

export function keepHistory(folder: string, now: number, options: Partial<KeeperOptions> = {}): void {
  const usual = { ladder: shortLadder, maxBytes: 1024 ** 3, onDamaged: failWith };
  keepOrMend({ folder, ...usual, ...options }, null, now);
}

function failWith(what: string): never {
  throw new Error(what);
}

/** As a reading thread does it, without one. */
export function readHistory<Answer>(
  folder: string,
  read: (parts: ReadParts) => Answer,
  ladder = shortLadder,
): Answer {
  const tapes = new TapeShelf(folder).read();
  const tiers = ladder.length;
  const name = path.join(folder, HISTORY_FILE);
  using file = existsSync(name) ? HistoryFile.toRead(name, tiers) : null;
  const answer = () => read({ ladder, file, tapes: notBroughtIn(tapes, file) });
  return file === null ? answer() : file.reading(answer);
}

export function bucketsIn(folder: string, query: BucketQuery, ladder = shortLadder): HostBuckets {
  return readHistory(folder, (parts) => readBuckets(parts, query), ladder);
}

export interface NaiveBucket {
  min: number;
  mean: number;
  max: number;
  count: number;
  last: number;
}

/** By the start of each bucket that has a sample. Of two rows of one moment the later written one counts. */
export function naiveBuckets(
  rows: readonly TestRow[],
  host: string,
  key: string,
  stepMs: number,
): Map<number, NaiveBucket> {
  const byTime = new Map<number, number>();
  for (const row of rows) {
    const value = row.values[key] ?? null;
    if (row.host === host && value !== null) byTime.set(row.time, value);
  }
  const inOrder = [...byTime].sort(([a], [b]) => a - b);
  const groups = Map.groupBy(inOrder, ([time]) => Math.floor(time / stepMs) * stepMs);
  return new Map([...groups].map(([start, group]) => [start, naiveBucket(group.map(([, value]) => value))]));
}

function naiveBucket(values: readonly number[]): NaiveBucket {
  return {
    min: Math.min(...values),
    mean: values.reduce((a, b) => a + b) / values.length,
    max: Math.max(...values),
    count: values.length,
    last: values.at(-1)!,
  };
}
