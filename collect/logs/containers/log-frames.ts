/**
 * Takes the two outputs of a container apart: frames of an 8-byte head (which output, then the length, big-endian) and their bytes
 * (Docker Engine API, "Stream format" of container attach). Frames and chunks do not begin and end together.
 */
import { Buffer } from 'node:buffer';

const HEAD_BYTES = 8;
const STDERR = 2;

export type Output = 'stdout' | 'stderr';

export class LogFrames {
  readonly #onBytes: (output: Output, bytes: Buffer) => void;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headLength = 0;
  #output: Output = 'stdout';
  /** Of the frame's bytes, still to come. */
  #left = 0;

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
    }
    return end;
  }

  #takeBytes(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    this.#onBytes(this.#output, chunk.subarray(at, end));
    return end;
  }
}
