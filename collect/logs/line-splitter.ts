/**
 * Bytes in, lines out. A half line is held until its end comes; a line longer than the limit is cut
 * there, and the rest of it is skipped, so memory stays flat whatever is read.
 */
import { Buffer, isAscii } from 'node:buffer';
import { MAX_LOG_LINE_BYTES } from '../../shared/protocol.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A half line that takes more has its memory back once it is told: hundreds of files are followed. */
const KEPT_BYTES = 4 * 1024;

/** `text` is the line without LF or CRLF; bytes that are no UTF-8 have become U+FFFD. */
export type OnLine = (text: string, isTruncated: boolean) => void;

export interface LineSplitterOptions {
  onLine: OnLine;
  /** Leave out everything up to the first line end, for reading that starts mid-file. Default false. */
  skipsFirstLine?: boolean;
  /** Leave out leading NULs: the hole under a writer that went on at its old offset after a truncation. Default false. */
  skipsLeadingNuls?: boolean;
  /** Bytes of one line, at least 4. Default 64 KiB. */
  maxLineBytes?: number;
}

export class LineSplitter {
  readonly #onLine: OnLine;
  readonly #maxLineBytes: number;
  #held = Buffer.alloc(0);
  #heldLength = 0;
  #isSkipping: boolean;
  #isInHole: boolean;

  constructor(options: LineSplitterOptions) {
    this.#onLine = options.onLine;
    this.#maxLineBytes = options.maxLineBytes ?? MAX_LOG_LINE_BYTES;
    this.#isSkipping = options.skipsFirstLine ?? false;
    this.#isInHole = options.skipsLeadingNuls ?? false;
  }

  /** Bytes of the half line held back. */
  get heldBytes(): number {
    return this.#heldLength;
  }

  /** The rest of a line that was cut, or of the one that reading began in, is being left out. */
  get isMidLine(): boolean {
    return this.#isSkipping;
  }

  /** `chunk` is not kept: the caller may reuse it. */
  push(chunk: Buffer): void {
    let start = this.#isInHole ? this.#endOfHole(chunk) : 0;
    let end = chunk.indexOf(LINE_FEED, start);
    // One string that the lines are slices of: made one by one they cost twice as much. They are forgotten together, too.
    const text = end !== -1 && isAscii(chunk) ? chunk.toString('latin1') : null;
    while (end !== -1) {
      if (this.#isSkipping) this.#isSkipping = false;
      else if (this.#heldLength > 0) this.#finishHeld(chunk, start, end);
      else if (text !== null && end - start <= this.#maxLineBytes) this.#tellSlice(text, start, end);
      else this.#tell(chunk, start, end);
      start = end + 1;
      end = text === null ? chunk.indexOf(LINE_FEED, start) : text.indexOf('\n', start);
    }
    if (start < chunk.length && !this.#isSkipping) this.#hold(chunk, start);
  }

  /** No more bytes will come: a line that lacks only its end is told as it is. */
  flush(): void {
    this.#tellHeld();
    this.#isSkipping = false;
  }

  #endOfHole(chunk: Buffer): number {
    let start = 0;
    while (start < chunk.length && chunk[start] === 0) start++;
    if (start < chunk.length) this.#isInHole = false;
    return start;
  }

  #finishHeld(chunk: Buffer, start: number, end: number): void {
    this.#append(chunk, start, end);
    this.#tellHeld();
    this.#isSkipping = false;
  }

  #hold(chunk: Buffer, start: number): void {
    this.#append(chunk, start, chunk.length);
    // A full limit plus a possible CR: past that the line is cut for certain.
    if (this.#heldLength <= this.#maxLineBytes + 1) return;
    this.#tellHeld();
    this.#isSkipping = true;
  }

  #tellHeld(): void {
    if (this.#heldLength > 0) this.#tell(this.#held, 0, this.#heldLength);
    this.#heldLength = 0;
    if (this.#held.length > KEPT_BYTES) this.#held = Buffer.alloc(0);
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const room = this.#maxLineBytes + 2 - this.#heldLength;
    const length = Math.min(end - start, room);
    const needed = this.#heldLength + length;
    if (this.#held.length < needed) {
      // Of its own: a piece of Node's pool keeps all of it, 64 KiB, for as long as the file is followed.
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(needed * 2, 256), this.#maxLineBytes + 2));
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    chunk.copy(this.#held, this.#heldLength, start, start + length);
    this.#heldLength = needed;
  }

  #tellSlice(text: string, start: number, end: number): void {
    const hasReturn = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    this.#onLine(text.slice(start, hasReturn ? end - 1 : end), false);
  }

  #tell(bytes: Buffer, start: number, end: number): void {
    const stop = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    if (stop - start <= this.#maxLineBytes) this.#onLine(bytes.toString('utf8', start, stop), false);
    else this.#onLine(bytes.toString('utf8', start, characterEnd(bytes, start + this.#maxLineBytes)), true);
  }
}

/** The nearest end of a whole UTF-8 character at or before `end`; a cut must not make a broken one. */
function characterEnd(bytes: Buffer, end: number): number {
  let cut = end;
  while (cut > end - 4 && (bytes[cut]! & 0xc0) === 0x80) cut--;
  return (bytes[cut]! & 0xc0) === 0x80 ? end : cut;
}
