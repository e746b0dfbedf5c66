/** Rows: samples of one host by columns. A row is a moment, a column a series; what a moment does not know is NaN. */

export interface Rows {
  /** Epoch milliseconds; ascending, none twice. */
  times: Float64Array;
  columns: Map<string, Float64Array>;
}

export const noRows: Rows = { times: new Float64Array(0), columns: new Map() };

/** Gathers rows in the order they come. */
export class RowGatherer {
  #times = new Float64Array(64);
  readonly #columns = new Map<string, Float64Array>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(time: number, keys: readonly string[], values: Float64Array): void {
    if (this.#length === this.#times.length) this.#grow();
    const row = this.#length++;
    this.#times[row] = time;
    for (let at = 0; at < keys.length; at++) {
      const value = values[at]!;
      if (!Number.isNaN(value)) this.#column(keys[at]!)[row] = value;
    }
  }

  /** As `Rows`; of two rows of one moment the later one counts, where it knows more than nothing. */
  rows(): Rows {
    const times = this.#times.subarray(0, this.#length);
    const columns = new Map<string, Float64Array>();
    for (const [key, column] of this.#columns) columns.set(key, column.subarray(0, this.#length));
    return inOrder({ times, columns });
  }

  #column(key: string): Float64Array {
    let column = this.#columns.get(key);
    if (column === undefined) {
      column = new Float64Array(this.#times.length).fill(NaN);
      this.#columns.set(key, column);
    }
    return column;
  }

  #grow(): void {
    this.#times = enlarged(this.#times);
    for (const [key, column] of this.#columns) this.#columns.set(key, enlarged(column));
  }
}

/** Of two rows of one moment that of the later part counts. */
export function joinRows(parts: readonly Rows[]): Rows {
  const filled = parts.filter(({ times }) => times.length > 0);
  if (filled.length <= 1) return filled[0] ?? noRows;
  const length = filled.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(length);
  const columns = new Map<string, Float64Array>();
  let row = 0;
  for (const part of filled) {
    times.set(part.times, row);
    for (const [key, column] of part.columns) {
      if (!columns.has(key)) columns.set(key, new Float64Array(length).fill(NaN));
      columns.get(key)!.set(column, row);
    }
    row += part.times.length;
  }
  return inOrder({ times, columns });
}

/** Those of `from` until `to`, the end excluded. Columns without a value there are left out. */
export function rowsBetween({ times, columns }: Rows, from: number, to: number): Rows {
  const first = firstAtLeast(times, from);
  const end = firstAtLeast(times, to);
  if (first === 0 && end === times.length) return { times, columns };
  const kept = new Map<string, Float64Array>();
  for (const [key, column] of columns) {
    const part = column.subarray(first, end);
    if (!part.every(Number.isNaN)) kept.set(key, part);
  }
  return { times: times.subarray(first, end), columns: kept };
}

/** Those of other moments than these. */
export function rowsWithout({ times, columns }: Rows, moments: ReadonlySet<number>): Rows {
  const rest = [...times.keys()].filter((row) => !moments.has(times[row]!));
  if (rest.length === times.length) return { times, columns };
  const kept = new Map<string, Float64Array>();
  for (const [key, column] of columns)
    kept.set(
      key,
      Float64Array.from(rest, (row) => column[row]!),
    );
  return { times: Float64Array.from(rest, (row) => times[row]!), columns: kept };
}

/** Where the first of ascending `times` stands that is `time` or later. */
export function firstAtLeast(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inOrder({ times, columns }: Rows): Rows {
  if (isAscending(times)) return { times, columns };
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  const place = new Uint32Array(times.length);
  let length = 0;
  for (let at = 0; at < order.length; at++) {
    if (at > 0 && times[order[at]!] !== times[order[at - 1]!]) length++;
    place[order[at]!] = length;
  }
  length++;
  const ordered = new Map<string, Float64Array>();
  for (const [key, column] of columns) {
    const moved = new Float64Array(length).fill(NaN);
    for (const row of order) if (!Number.isNaN(column[row]!)) moved[place[row]!] = column[row]!;
    ordered.set(key, moved);
  }
  const moments = new Float64Array(length);
  for (const row of order) moments[place[row]!] = times[row]!;
  return { times: moments, columns: ordered };
}

function isAscending(times: Float64Array): boolean {
  for (let at = 1; at < times.length; at++) if (times[at - 1]! >= times[at]!) return false;
  return true;
}

function enlarged(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2).fill(NaN);
  larger.set(column);
  return larger;
}
