/** A block of process tables: lines of JSON, which zstd makes small because nearly all of a table stands in the one before it. */
import type { KeptProcesses } from '../history-reader.ts';
import { pack, unpack } from './zstd.ts';

const LEVEL = 9;

export function packTables(tables: readonly KeptProcesses[]): Buffer {
  const lines = tables.map(({ time, total, running, rows }) =>
    JSON.stringify({ time, total, running, rows }),
  );
  return pack(Buffer.from(lines.join('\n')), LEVEL);
}

/** Throws a `DamagedHistoryError` where the bytes are none that `packTables` made. */
export function unpackTables(block: Uint8Array): KeptProcesses[] {
  return unpack(block)
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line) as KeptProcesses);
}

/** Oldest first, one of each moment. */
export function joinTables(parts: readonly (readonly KeptProcesses[])[]): KeptProcesses[] {
  const byTime = new Map(parts.flat().map((table) => [table.time, table]));
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}
