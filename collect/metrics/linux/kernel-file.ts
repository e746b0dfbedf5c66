/** One file of /proc or /sys, kept open and read afresh from its start each time. */
import { closeSync, openSync } from 'node:fs';
import type { ByteScanner } from './byte-scanner.ts';

/** A file that cannot be read is tried again only at every so many calls: a minute, once a second. */
const CALLS_BETWEEN_TRIES = 60;

export class KernelFile implements Disposable {
  readonly #path: string;
  readonly #scanner: ByteScanner;
  #descriptor: number | null = null;
  #callsToSkip = 0;

  constructor(path: string, scanner: ByteScanner) {
    this.#path = path;
    this.#scanner = scanner;
  }

  /** The scanner at the file's start; null where the kernel has no such file or does not let it be read. */
  read(): ByteScanner | null {
    if (this.#callsToSkip > 0) {
      this.#callsToSkip--;
      return null;
    }
    try {
      this.#descriptor ??= openSync(this.#path, 'r');
      this.#scanner.fill(this.#descriptor);
      return this.#scanner;
    } catch {
      // Absent, forbidden, its device gone (ENODEV), or switched off at boot (EOPNOTSUPP of /proc/pressure).
      this[Symbol.dispose]();
      this.#callsToSkip = CALLS_BETWEEN_TRIES - 1;
      return null;
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
