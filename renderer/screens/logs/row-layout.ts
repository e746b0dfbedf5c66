/**
 * Where each row of the list is. Heights are worked out, never measured: all rows have one height, or,
 * wrapped, as many lines as their text fills in a monospaced column. Tops are kept per ordinal, so a new
 * row costs one addition and letting go of old ones costs nothing.
 */

export interface RowLayoutOptions {
  /** Rows held at most. */
  capacity: number;
  /** Pixels. */
  heightOf: (ordinal: number) => number;
}

export class RowLayout {
  readonly #capacity: number;
  readonly #heightOf: (ordinal: number) => number;
  /** Top of each row, and of the one that comes next, by ordinal modulo length. */
  readonly #tops: Float64Array;
  #first: number;
  #next: number;

  /** Begins at ordinal `first`, which gets the top 0. */
  constructor(options: RowLayoutOptions, first: number) {
    this.#capacity = options.capacity + 1;
    this.#heightOf = options.heightOf;
    this.#tops = new Float64Array(this.#capacity);
    this.#first = this.#next = first;
  }

  /** Follows the list: rows before `first` are gone, rows up to `next` have come. */
  sync(first: number, next: number): void {
    if (this.#next < first) {
      // Rows that came and went between two looks: their height is lost, and nothing was shown of them.
      const top = this.bottom;
      this.#next = first;
      this.#tops[first % this.#capacity] = top;
    }
    this.#first = first;
    for (; this.#next < next; this.#next++) {
      const below = this.topOf(this.#next) + this.#heightOf(this.#next);
      this.#tops[(this.#next + 1) % this.#capacity] = below;
    }
  }

  topOf(ordinal: number): number {
    return this.#tops[ordinal % this.#capacity]!;
  }

  heightOf(ordinal: number): number {
    return this.topOf(ordinal + 1) - this.topOf(ordinal);
  }

  get top(): number {
    return this.topOf(this.#first);
  }

  get bottom(): number {
    return this.topOf(this.#next);
  }

  /** The row at a height; the first or the last where there is none. */
  ordinalAt(y: number): number {
    let low = this.#first;
    let high = Math.max(this.#first, this.#next - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.topOf(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * Rows a text of one or more lines fills where each has so many columns. `before` and `behind`: columns that something else takes in its
 * first and in its last line.
 */
export function rowsOf(text: string, columns: number, before: number, behind: number): number {
  const lines = text.split('\n').map(columnsOf);
  lines[0]! += before;
  lines[lines.length - 1]! += behind;
  return lines.reduce((rows, length) => rows + Math.max(1, Math.ceil(length / columns)), 0);
}

/** Columns a text takes in a monospaced font; wide characters take two, and a tab to the next eighth. */
export function columnsOf(text: string): number {
  if (isNarrow.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    if (character === '\t') columns += 8 - (columns % 8);
    else if (combining.test(character)) continue;
    else columns += wide.test(character) ? 2 : 1;
  }
  return columns;
}

const isNarrow = /^[\x20-\x7e]*$/;
const combining = /\p{Mn}/u;
/** East Asian wide and full-width blocks, and pictographs (Unicode UAX 11, roughly and rather too many). */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
