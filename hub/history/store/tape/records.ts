/**
 * What stands on a tape: records, each with its length before it. A row is as many doubles as its layout has keys, so that writing a
 * sample costs about as much as copying it.
 */
import type { KeptProcesses } from '../history-reader.ts';

/** A layout: of which host and series the rows are that name it. It stands before the first of them on every tape. */
export interface Layout {
  id: number;
  host: string;
  keys: readonly string[];
}

/** Of one host at one moment. */
export interface ProcessRecord extends KeptProcesses {
  host: string;
}

const kinds = { layout: 1, row: 2, processes: 3 } as const;
/** Length (4 bytes, little end first) and kind. */
const HEAD_BYTES = 5;
/** Layout (4 bytes) and time, a double. */
const ROW_BYTES = 12;

export function layoutRecord(layout: Layout): Buffer {
  return textRecord(kinds.layout, layout);
}

export function processRecord(table: ProcessRecord): Buffer {
  return textRecord(kinds.processes, table);
}

/** The first `count` of `values`. */
export function rowRecord(layout: number, time: number, values: Float64Array, count: number): Buffer {
  const record = Buffer.allocUnsafe(HEAD_BYTES + ROW_BYTES + 8 * count);
  record.writeUInt32LE(record.length - 4, 0);
  record[4] = kinds.row;
  record.writeUInt32LE(layout, HEAD_BYTES);
  record.writeDoubleLE(time, HEAD_BYTES + 4);
  for (let at = 0; at < count; at++) record.writeDoubleLE(values[at]!, HEAD_BYTES + ROW_BYTES + 8 * at);
  return record;
}

export interface TapeVisitor {
  /** `values` is valid during the call. */
  row(layout: Layout, time: number, values: Float64Array): void;
  processes(table: ProcessRecord): void;
  /** Null: all; else rows and tables of others are passed over unread. */
  host: string | null;
}

/** Every whole record of it, in order. What a crash or a bad disk made of the end is left out. */
export function readTape(tape: Buffer, visitor: TapeVisitor): void {
  const layouts = new Map<number, Layout>();
  const view = new DataView(tape.buffer, tape.byteOffset, tape.length);
  let values = new Float64Array(0);
  for (let at = 0; at + HEAD_BYTES <= tape.length;) {
    const end = at + 4 + view.getUint32(at, true);
    if (end <= at + 4 || end > tape.length) return;
    const kind = tape[at + 4];
    const from = at + HEAD_BYTES;
    at = end;
    if (kind === kinds.row) {
      const layout = layouts.get(view.getUint32(from, true));
      if (layout === undefined || (visitor.host !== null && layout.host !== visitor.host)) continue;
      const count = layout.keys.length;
      if (end - from !== ROW_BYTES + 8 * count) return;
      if (values.length !== count) values = new Float64Array(count);
      for (let column = 0; column < count; column++)
        values[column] = view.getFloat64(from + ROW_BYTES + 8 * column, true);
      visitor.row(layout, view.getFloat64(from + 4, true), values);
      continue;
    }
    const text = parsed(tape.subarray(from, end));
    if (text === null) return;
    if (kind === kinds.layout) layouts.set((text as Layout).id, text as Layout);
    else if (visitor.host === null || (text as ProcessRecord).host === visitor.host)
      visitor.processes(text as ProcessRecord);
  }
}

function textRecord(kind: number, content: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(content));
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32LE(text.length + 1, 0);
  head[4] = kind;
  return Buffer.concat([head, text]);
}

/** Null: a bad disk has changed it. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
