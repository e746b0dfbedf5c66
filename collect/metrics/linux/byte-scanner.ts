/**
 * Reads numbers and words out of a /proc file's bytes without making strings of them. One scanner and
 * its buffer serve all files: what it holds is valid until the next file is read.
 */
import { readSync } from 'node:fs';

const SPACE = 0x20;
const NEWLINE = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;

/** A /proc file larger than this is cut: a broken kernel module must not eat the memory. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export class ByteScanner {
  bytes = Buffer.allocUnsafeSlow(16 * 1024);
  end = 0;
  at = 0;

  /** Takes in the file from its start. Throws what read(2) fails with. */
  fill(descriptor: number): void {
    this.end = 0;
    this.at = 0;
    for (;;) {
      // Many /proc files hand out a page at a time: only an empty read is the end.
      const count = readSync(descriptor, this.bytes, this.end, this.bytes.length - this.end, this.end);
      if (count === 0) return;
      this.end += count;
      if (this.end === this.bytes.length && !this.#grow()) return;
    }
  }

  /** One read, for files known to come in one piece. */
  fillOnce(descriptor: number, limit: number): void {
    this.at = 0;
    this.end = readSync(descriptor, this.bytes, 0, limit, 0);
  }

  rewind(): void {
    this.at = 0;
  }

  /** The next run of digits after spaces; NaN where something else stands. */
  number(): number {
    this.#skipSpaces();
    const { bytes, end } = this;
    let at = this.at;
    let value = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + (byte - ZERO);
    }
    if (at === this.at) return NaN;
    this.at = at;
    return value;
  }

  /** Like `number`, with a fraction. */
  decimal(): number {
    const integer = this.number();
    if (this.bytes[this.at] !== DOT || this.at >= this.end) return integer;
    this.at++;
    const start = this.at;
    const fraction = this.number();
    const scale = 10 ** (this.at - start);
    // One division, so that 2.47 is 2.47 and not the sum of two that were rounded.
    return (integer * scale + fraction) / scale;
  }

  word(): string {
    this.#skipSpaces();
    const start = this.at;
    this.#skipWord();
    return this.bytes.toString('latin1', start, this.at);
  }

  skipWords(count: number): void {
    for (; count > 0; count--) {
      this.#skipSpaces();
      this.#skipWord();
    }
  }

  /** Moves to the start of the next line; false at the end. */
  nextLine(): boolean {
    const newline = this.bytes.indexOf(NEWLINE, this.at);
    this.at = newline < 0 || newline >= this.end ? this.end : newline + 1;
    return this.at < this.end;
  }

  /** Moves behind the text where it stands right here. */
  take(text: Buffer): boolean {
    const behind = this.at + text.length;
    if (behind > this.end) return false;
    for (let index = 0; index < text.length; index++) {
      if (this.bytes[this.at + index] !== text[index]) return false;
    }
    this.at = behind;
    return true;
  }

  /** Moves behind the next place the text stands at; stays where it is when there is none. */
  seek(text: Buffer): boolean {
    const found = this.bytes.indexOf(text, this.at);
    if (found < 0 || found + text.length > this.end) return false;
    this.at = found + text.length;
    return true;
  }

  #skipSpaces(): void {
    while (this.at < this.end && this.bytes[this.at] === SPACE) this.at++;
  }

  #skipWord(): void {
    while (this.at < this.end && this.bytes[this.at]! > SPACE) this.at++;
  }

  #grow(): boolean {
    if (this.bytes.length >= MAX_FILE_BYTES) return false;
    const larger = Buffer.allocUnsafeSlow(this.bytes.length * 2);
    this.bytes.copy(larger);
    this.bytes = larger;
    return true;
  }
}
