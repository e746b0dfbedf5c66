/**
 * Takes the two outputs of a container apart: frames of an 8-byte head (which output, then the length, big-endian) and their bytes
 * (Docker Engine API, "Stream format" of container attach). Frames and chunks do not begin and end together. A line that the engine took in
 * pieces (Docker past 16 KiB, Podman where its buffer ended) comes in a frame for each, and each begins with its moment: that of the line
 * is the first one's, the others are left out.
 */
import { Buffer } from 'node:buffer';

const HEAD_BYTES = 8;
const STDERR = 2;
const LINE_FEED = 10;
const SPACE = 32;

export type Output = 'stdout' | 'stderr';

export class LogFrames {
  readonly #onBytes: (output: Output, bytes: Buffer) => void;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headLength = 0;
  #output: Output = 'stdout';
  /** Of the frame's bytes, still to come. */
  #left = 0;
  /** Outputs whose last line has no end so far. */
  readonly #midLine = new Set<Output>();
  /** The frame's moment is still to come, and is to be left out. */
  #skipsMoment = false;

  constructor(onBytes: (output: Output, bytes: Buffer) => void) {
    this.#onBytes = onBytes;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      at = this.#left === 0 ? this.#takeHead(chunk, at) : this.#takeBytes(chunk, at);
    }
  }

  #takeHead(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + HEAD_BYTES - this.#headLength);
    this.#headLength += chunk.copy(this.#head, this.#headLength, at, end);
    if (this.#headLength === HEAD_BYTES) {
      this.#headLength = 0;
      this.#output = this.#head[0] === STDERR ? 'stderr' : 'stdout';
      this.#left = this.#head.readUInt32BE(4);
      this.#skipsMoment = this.#midLine.has(this.#output);
    }
    return end;
  }

  #takeBytes(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    const bytes = chunk.subarray(this.#skipsMoment ? this.#endOfMoment(chunk, at, end) : at, end);
    if (bytes.length === 0) return end;
    if (bytes.at(-1) === LINE_FEED) this.#midLine.delete(this.#output);
    else this.#midLine.add(this.#output);
    this.#onBytes(this.#output, bytes);
    return end;
  }

  #endOfMoment(chunk: Buffer, at: number, end: number): number {
    const space = chunk.subarray(at, end).indexOf(SPACE);
    if (space === -1) return end;
    this.#skipsMoment = false;
    return at + space + 1;
  }
}
