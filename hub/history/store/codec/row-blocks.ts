/** Rows as they are staged: all columns of a short while in one block. */
import { VarintWriter } from '../../../archive/volume/varints.ts';
import { decodeColumn, encodeColumn } from './column.ts';
import type { Rows } from './rows.ts';
import { VarintReader } from './varint-reader.ts';
import { pack, unpack } from './zstd.ts';

/** Written once and soon read again to be written better. */
const STAGED_LEVEL = 1;

/** All columns of some rows. */
export function packRows({ times, columns }: Rows): Buffer {
  const parts: Uint8Array[] = [];
  const put = (bytes: Uint8Array) => {
    parts.push(lengthOf(bytes), bytes);
  };
  put(encodeColumn(times)!);
  for (const [key, column] of columns) {
    const bytes = encodeColumn(column);
    if (bytes === null) continue;
    put(Buffer.from(key));
    put(bytes);
  }
  return pack(Buffer.concat([numberOf(times.length), ...parts]), STAGED_LEVEL);
}

export function unpackRows(block: Uint8Array): Rows {
  const bytes = unpack(block);
  const reader = new VarintReader(bytes);
  const length = reader.next();
  const take = () => reader.bytes(reader.next());
  const times = decodeColumn(take(), length);
  const columns = new Map<string, Float64Array>();
  while (!reader.isAtEnd) {
    const key = Buffer.from(take()).toString();
    columns.set(key, decodeColumn(take(), length));
  }
  return { times, columns };
}

function lengthOf(bytes: Uint8Array): Buffer {
  return numberOf(bytes.length);
}

export function numberOf(value: number): Buffer {
  const writer = new VarintWriter();
  writer.put(value);
  return Buffer.from(writer.bytes);
}
