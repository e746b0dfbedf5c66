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
  return record(kinds.layout, [Buffer.from(JSON.stringify(layout))]);
}

export function processRecord({ host, ...table }: ProcessRecord): Buffer {
  const name = Buffer.from(host);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(name.length);
  return record(kinds.processes, [length, name, Buffer.from(JSON.stringify(table))]);
}

/** The first `count` of `values`. */
export function rowRecord(layout: number, time: number, values: Float64Array, count: number): Buffer {
  const row = Buffer.allocUnsafe(HEAD_BYTES + ROW_BYTES + 8 * count);
  row.writeUInt32LE(row.length - 4, 0);
  row[4] = kinds.row;
  row.writeUInt32LE(layout, HEAD_BYTES);
  row.writeDoubleLE(time, HEAD_BYTES + 4);
  for (let at = 0; at < count; at++) row.writeDoubleLE(values[at]!, HEAD_BYTES + ROW_BYTES + 8 * at);
  return row;
}

export interface TapeVisitor {
  /** `values` is valid during the call. */
  row(layout: Layout, time: number, values: Float64Array): void;
  processes(table: ProcessRecord): void;
}

/** Which records of a tape are of which host. Where the tape has grown since, it goes on from there. */
export class TapeIndex {
  readonly #layouts = new Map<number, Layout>();
  /** Where their kind stands, by host. */
  readonly #places = new Map<string, number[]>();
  #end = 0;

  get hosts(): string[] {
    return [...this.#places.keys()];
  }

  /** Every whole record is found, in order. What a crash or a bad disk made of the end is left out. */
  extend(tape: Buffer): void {
    while (this.#end + HEAD_BYTES <= tape.length) {
      const at = this.#end + 4;
      const end = at + tape.readUInt32LE(this.#end);
      if (end === at || end > tape.length) return;
      const host = this.#hostOf(tape.subarray(at, end));
      if (host === null) return;
      this.#end = end;
      if (host === '') continue;
      const places = this.#places.get(host);
      if (places === undefined) this.#places.set(host, [at]);
      else places.push(at);
    }
  }

  visit(tape: Buffer, host: string, visitor: TapeVisitor): void {
    const view = new DataView(tape.buffer, tape.byteOffset, tape.length);
    let values = new Float64Array(0);
    for (const at of this.#places.get(host) ?? []) {
      if (tape[at] === kinds.processes) {
        const table = parsed(
          tape.subarray(at + 3 + tape.readUInt16LE(at + 1), at + tape.readUInt32LE(at - 4)),
        );
        if (table !== null) visitor.processes({ ...(table as KeptProcesses), host });
        continue;
      }
      const layout = this.#layouts.get(view.getUint32(at + 1, true))!;
      const count = layout.keys.length;
      if (values.length !== count) values = new Float64Array(count);
      for (let column = 0; column < count; column++)
        values[column] = view.getFloat64(at + 1 + ROW_BYTES + 8 * column, true);
      visitor.row(layout, view.getFloat64(at + 5, true), values);
    }
  }

  /** Empty: of none; null: it is no record, and so is nothing behind it. */
  #hostOf(content: Buffer): string | null {
    if (content[0] === kinds.row) {
      const layout = content.length < 5 ? undefined : this.#layouts.get(content.readUInt32LE(1));
      return layout !== undefined && content.length === 1 + ROW_BYTES + 8 * layout.keys.length
        ? layout.host
        : null;
    }
    if (content[0] === kinds.processes) {
      if (content.length < 3) return null;
      return content.subarray(3, 3 + content.readUInt16LE(1)).toString() || null;
    }
    const layout = content[0] === kinds.layout ? parsed(content.subarray(1)) : null;
    if (layout === null) return null;
    this.#layouts.set((layout as Layout).id, layout as Layout);
    return '';
  }
}

function record(kind: number, content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 1);
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32LE(length, 0);
  head[4] = kind;
  return Buffer.concat([head, ...content]);
}

/** Null: a bad disk has changed it. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
