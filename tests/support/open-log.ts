/** Segment logs for tests: in a folder of their own, with small segments, and read back as text. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { openSegmentLog, type SegmentLog, type SegmentLogOptions } from '../../link/segments/segment-log.ts';

/** By default 1,000 bytes a segment, no bound, and no flush but those asked for. */
export function openLog(dir: string, options: Partial<SegmentLogOptions> = {}): Promise<SegmentLog> {
  return openSegmentLog({
    dir,
    segmentBytes: 1_000,
    maxBytes: 100_000_000,
    maxAgeMs: null,
    flushMs: 60_000,
    whenFull: 'drop-oldest',
    ...options,
  });
}

/** `record FROM` to `record TO`, each followed by `filling` and flushed by itself. */
export async function appendRecords(log: SegmentLog, from: number, to: number, filling = ''): Promise<void> {
  for (let number = from; number <= to; number++) {
    log.append(Buffer.from(`record ${number}${filling}`));
    await log.flush();
  }
}

export function recordTexts(from: number, to: number, filling = ''): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `record ${from + at}${filling}`);
}

export async function textsOf(log: SegmentLog): Promise<string[]> {
  const texts: string[] = [];
  for await (const { payload, isHead } of log.records()) if (!isHead) texts.push(payload.toString());
  return texts;
}

export function segmentFilesOf(dir: string): string[] {
  const names = readdirSync(dir).filter((name) => name.endsWith('.segment'));
  return names.sort().map((name) => path.join(dir, name));
}

export function damagedFilesOf(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.endsWith('.damaged'));
}
