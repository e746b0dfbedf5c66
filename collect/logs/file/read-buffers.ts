/** Read buffers, lent for one drain: hundreds of quiet files must not hold one each. */
import { Buffer } from 'node:buffer';
import { OVERLAP_BYTES } from './read-content.ts';

/** Bytes read and split at once: a string of more costs V8 memory of its own from the system, each time. */
const CHUNK_BYTES = 64 * 1024;
/** Files are mostly drained one after the other; after a start with many, a few would stay for nothing. */
const MAX_KEPT = 1;

export class ReadBuffers {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES + OVERLAP_BYTES);
  }

  give(buffer: Buffer): void {
    if (this.#free.length < MAX_KEPT) this.#free.push(buffer);
  }
}
