/** What the hub kept of one host in one slot: columns of buckets, and the stretches without any. */
import type { HistoryGap, HistoryMark } from '../../../shared/schema/history.ts';

export interface PastColumn {
  /** Length of a bucket. Longer than the slot's level where nothing finer is kept. */
  stepMs: number;
  /** Epoch milliseconds: index `i` is the bucket that begins at `start + i * stepMs`. NaN: no value. */
  start: number;
  mean: Float64Array;
  /** Null: the same as the mean throughout. */
  min: Float64Array | null;
  max: Float64Array | null;
  /** What came until then is told, in epoch milliseconds; samples that came late after that are not. */
  until: number;
  /** Something came late: to be asked for again, and shown meanwhile. */
  isStale: boolean;
}

export interface PastTile {
  readonly level: number;
  /** Epoch milliseconds, `to` excluded. */
  readonly from: number;
  readonly to: number;
  /** By series key. A series without any value has a column without buckets. */
  readonly columns: Map<string, PastColumn>;
  gaps: readonly HistoryGap[];
  marks: readonly HistoryMark[];
}

/** Numbers held, for the bound on all of them. */
export function sizeOf({ columns, gaps, marks }: PastTile): number {
  let size = gaps.length + marks.length;
  for (const { mean, min, max } of columns.values()) {
    size += mean.length + (min?.length ?? 0) + (max?.length ?? 0);
  }
  return size;
}

export function hasAll(tile: PastTile, keys: readonly string[]): boolean {
  return keys.every((key) => tile.columns.has(key));
}

/** A part of a column as an array of its own, so that the whole answer need not be kept for it. */
export function columnPart(whole: PastColumn, from: number, to: number, until: number): PastColumn {
  const { stepMs, start } = whole;
  const first = Math.min(whole.mean.length, Math.max(0, Math.ceil((from - start) / stepMs)));
  const end = Math.min(whole.mean.length, Math.max(first, Math.ceil((to - start) / stepMs)));
  return {
    stepMs,
    start: start + first * stepMs,
    mean: whole.mean.slice(first, end),
    min: whole.min?.slice(first, end) ?? null,
    max: whole.max?.slice(first, end) ?? null,
    until: Math.min(to, until),
    isStale: false,
  };
}

/** Epoch milliseconds. */
export interface PastStretch {
  from: number;
  to: number;
}

/** What arrives within this time is not late: a hub may be told of a sample just before it is asked for it. */
const PROMPT_MS = 10_000;

/** From the first to the last bucket that was empty when it was told before, and is not any more; null: none. */
export function lateIn(before: PastColumn, now: PastColumn): PastStretch | null {
  const { stepMs, start, mean } = now;
  if (before.stepMs !== stepMs) return null;
  let late: PastStretch | null = null;
  for (let index = 0; index < mean.length; index++) {
    const from = start + index * stepMs;
    const was = before.mean[(from - before.start) / stepMs] ?? NaN;
    if (Number.isNaN(mean[index]!) || !Number.isNaN(was)) continue;
    if (from + stepMs <= before.until - PROMPT_MS) late = unionOf(late, { from, to: from + stepMs });
  }
  return late;
}

export function unionOf(a: PastStretch | null, b: PastStretch | null): PastStretch | null {
  if (a === null || b === null) return a ?? b;
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}
