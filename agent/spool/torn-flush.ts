/**
 * What a kill left of a flush. The state that says how far logs were read is its last record, so lines that have none behind them will be
 * read again from their files: they are not to be sent. A flush takes several writes where much waits, and a kill ends a single one half-way.
 */
import type { SegmentLog } from '../../link/segments/segment-log.ts';
import { isStateRecord } from './spool-state.ts';

/** More than may wait for one flush: what is older was written whole. */
const LOOKED_AT_BYTES = 8 * 1024 * 1024;

/** As `DiskSpool` writes them. */
const lineStart = /^\{"run":"[^"]*","seq":\d+,"mono":[\d.]+,"name":"log",/;
const LINE_START_BYTES = 256;

/** Numbers of the lines that stand behind the newest state, in any order. */
export async function linesBehindState(log: Pick<SegmentLog, 'segments' | 'contents'>): Promise<number[]> {
  const behind: number[] = [];
  let bytes = 0;
  for (const segment of log.segments.toReversed()) {
    const records = await log.contents(segment);
    const state = records.findLastIndex(({ payload, isHead }) => !isHead && isStateRecord(payload));
    for (const { number, payload } of records.slice(state + 1)) if (isLine(payload)) behind.push(number);
    bytes += segment.bytes;
    if (state >= 0 || bytes > LOOKED_AT_BYTES) break;
  }
  return behind;
}

function isLine(payload: Buffer): boolean {
  return lineStart.test(payload.toString('latin1', 0, LINE_START_BYTES));
}
