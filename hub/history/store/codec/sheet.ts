/**
 * A sheet: all columns of a host over one span of the finest tier, in one block with a directory, each compressed by itself, so that one is read without
 * the others. What is the same as another column, or what is left of it from a constant, is not written again: the totals of a machine with one disk,
 * and the memory that is used beside that which is available.
 */
import { DamagedHistoryError } from '../file/damage.ts';
import { decodeColumn, encodeColumn } from './column.ts';
import { pack, unpack } from './zstd.ts';

/** Of real samples 12 makes 2 % less than 3 in the same time, 16 makes 3 % less again in half as much time more. */
const LEVEL = 12;
const DIRECTORY_LEVEL = 3;

/** By series: how many bytes its own column has; or as which other one it goes, and what both add up to (null: they are the same). */
type Told = [id: number, bytes: number] | [id: number, other: number, total: number | null];

interface Directory {
  /** Rows of every column. */
  length: number;
  /** Those with bytes of their own in the order of these. */
  columns: Told[];
}

/** `columns` by the numbers of their series; all of them `length` rows. */
export function packSheet(length: number, columns: ReadonlyMap<number, Float64Array>): Buffer {
  const directory: Directory = { length, columns: [] };
  const bodies: Buffer[] = [];
  const twins = new TwinFinder();
  for (const [id, column] of columns) {
    if (column.every(Number.isNaN)) continue;
    const twin = twins.find(id, column);
    if (twin !== null) {
      directory.columns.push([id, twin.other, twin.total]);
      continue;
    }
    const body = smallest(column);
    bodies.push(body);
    directory.columns.push([id, body.length]);
  }
  const packed = pack(Buffer.from(JSON.stringify(directory)), DIRECTORY_LEVEL);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(packed.length);
  return Buffer.concat([head, packed, ...bodies]);
}

export class Sheet {
  readonly #bytes: Buffer;
  readonly #length: number;
  readonly #own = new Map<number, { from: number; to: number }>();
  readonly #twins = new Map<number, Twin>();

  /** Throws a `DamagedHistoryError` where the bytes are none that `packSheet` made. */
  constructor(block: Uint8Array) {
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
    if (bytes.length < 4) throw new DamagedHistoryError('A sheet of history ends too soon');
    const end = 4 + bytes.readUInt32LE();
    const { length, columns } = JSON.parse(unpack(bytes.subarray(4, end)).toString()) as Directory;
    this.#bytes = bytes.subarray(end);
    this.#length = length;
    let from = 0;
    for (const [id, number, total] of columns) {
      if (total !== undefined) this.#twins.set(id, { other: number, total });
      else this.#own.set(id, { from, to: (from += number) });
    }
  }

  /** Null: it has none of this series. Throws a `DamagedHistoryError`. */
  column(id: number): Float64Array | null {
    const own = this.#own.get(id);
    if (own !== undefined) return decodeColumn(unpack(this.#bytes.subarray(own.from, own.to)), this.#length);
    const twin = this.#twins.get(id);
    const column = twin === undefined ? null : this.column(twin.other);
    if (twin === undefined || column === null || twin.total === null) return column;
    const { total } = twin;
    return column.map((value) => total - value);
  }
}

function smallest(column: Float64Array): Buffer {
  const [differences, values] = (['differences', 'values'] as const).map((kind) =>
    pack(encodeColumn(column, kind)!, LEVEL),
  );
  return values!.length < differences!.length ? values! : differences!;
}

interface Twin {
  other: number;
  /** Null: it is the same. */
  total: number | null;
}

/** Finds columns that go as another one, up or down. Those that never change need no twin. */
class TwinFinder {
  readonly #byWay = new Map<number, { id: number; column: Float64Array }[]>();

  find(id: number, column: Float64Array): Twin | null {
    const way = wayOf(column);
    if (way === 0) return null;
    const candidates = this.#byWay.get(way) ?? [];
    for (const { id: other, column: before } of candidates) {
      if (column.every((value, row) => Object.is(value, before[row]))) return { other, total: null };
      const first = column.findIndex((value) => !Number.isNaN(value));
      const total = column[first]! + before[first]!;
      if (column.every((value, row) => Object.is(value, total - before[row]!))) return { other, total };
    }
    candidates.push({ id, column });
    this.#byWay.set(way, candidates);
    return null;
  }
}

/** The same for columns that go the same way, or the opposite one. */
function wayOf(column: Float64Array): number {
  let way = 0;
  for (let row = 1; row < column.length; row++) {
    const step = Math.abs(column[row]! - column[row - 1]!);
    if (!Number.isNaN(step)) way += step * (1 + (row % 89));
  }
  return way;
}
