/** A file of /proc/PID: kept open where that saves the kernel the look-up of its path, as long as there is room. */
import { closeSync, openSync } from 'node:fs';
import type { ByteScanner } from './byte-scanner.ts';
import type { OpenFileBudget } from './open-file-budget.ts';

/** A stat line is a name of at most 64 bytes and 52 numbers; the other files are shorter. */
const MAX_READ_BYTES = 2048;

export class ProcessFile implements Disposable {
  readonly #path: string;
  readonly #budget: OpenFileBudget | null;
  #kept: number | null = null;

  /** `budget` null: opened anew with every reading. */
  constructor(path: string, budget: OpenFileBudget | null) {
    this.#path = path;
    this.#budget = budget;
  }

  /** False where the file is gone, or forbidden. A kept one never reads as another process's of the same pid. */
  read(scanner: ByteScanner): boolean {
    let descriptor = this.#kept;
    try {
      descriptor ??= openSync(this.#path, 'r');
      scanner.fillOnce(descriptor, MAX_READ_BYTES);
    } catch {
      if (descriptor !== null) this.#release(descriptor);
      return false;
    }
    if (this.#kept === null) this.#keepOrClose(descriptor);
    return true;
  }

  [Symbol.dispose](): void {
    if (this.#kept !== null) this.#release(this.#kept);
  }

  #keepOrClose(descriptor: number): void {
    if (this.#budget?.take()) this.#kept = descriptor;
    else closeSync(descriptor);
  }

  #release(descriptor: number): void {
    closeSync(descriptor);
    if (this.#kept !== null) this.#budget?.giveBack();
    this.#kept = null;
  }
}
