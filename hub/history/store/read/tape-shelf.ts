/**
 * The tapes as a reading thread holds them between two questions: of one that has grown only what is new is read. They are read before the file: what
 * is brought in meanwhile is then in both, and left out of one; never in none.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { tapesIn } from '../../../archive/archive-folder.ts';
import type { HistoryFile } from '../file/history-file.ts';
import { TapeIndex, type TapeVisitor } from '../tape/records.ts';

export class HeldTape {
  readonly name: string;
  readonly #index = new TapeIndex();
  #bytes = Buffer.alloc(0);
  #length = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Reads what has been added. Throws what the disk throws. */
  extend(file: string, length: number): void {
    if (length <= this.#length) return;
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.ceil(length * 1.5));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    const handle = openSync(file, 'r');
    try {
      this.#length += readSync(handle, this.#bytes, this.#length, length - this.#length, this.#length);
    } finally {
      closeSync(handle);
    }
    this.#index.extend(this.#bytes.subarray(0, this.#length));
  }

  visit(host: string, visitor: TapeVisitor): void {
    this.#index.visit(this.#bytes, host, visitor);
  }
}

/** Those whose rows are not in the file; null: there is none. */
export function notBroughtIn(tapes: readonly HeldTape[], file: HistoryFile | null): HeldTape[] {
  const moved = file?.moved;
  return tapes.filter(({ name }) => moved?.has(name) !== true);
}

export class TapeShelf {
  readonly #folder: string;
  #tapes = new Map<string, HeldTape>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All there are. */
  read(): HeldTape[] {
    const there = new Map<string, HeldTape>();
    for (const { name, path, bytes } of tapesIn(this.#folder)) {
      const tape = this.#tapes.get(name) ?? new HeldTape(name);
      try {
        tape.extend(path, bytes);
        there.set(name, tape);
      } catch (error) {
        // It was brought in since.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    this.#tapes = there;
    return [...there.values()];
  }
}
