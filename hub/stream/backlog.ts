/** What waits for a reader that is behind, or at its beginning: bytes in order, the rest of a burst, then an outbox of what came since. */
import type { Frame } from './frame.ts';
import type { Outbox } from './outbox.ts';
import type { Batch } from './view-group.ts';

/** What one write to a backed-up transport holds: small, so that progress shows. */
const SLICE_BYTES = 64 * 1024;

export class Backlog {
  /** What came since; made when the first event does. */
  outbox: Outbox | null = null;
  /** When the transport last took something, by `performance.now()`. */
  progressAt = performance.now();
  /** True while `blocks` are what the reader asked for, whatever their size: a snapshot or a replay. */
  readonly isOpening: boolean;
  /** True while the kernel has enough: see `Subscriber.hold`. */
  isHeld = false;
  /** When it began, by `performance.now()`. */
  readonly #since = performance.now();
  /** Of the flush that found the transport full, what was not written: all readers of the view share it. */
  #burst: Batch[];
  readonly #blocks: readonly Buffer[];
  #next = 0;
  #bytes: number;

  constructor(blocks: readonly Buffer[], isOpening: boolean, burst: readonly Batch[] = []) {
    this.isOpening = isOpening;
    this.#blocks = blocks;
    this.#burst = [...burst];
    this.#bytes = blocks.reduce((sum, block) => sum + block.length, 0);
  }

  get bytes(): number {
    const burst = this.#burst.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return this.#bytes + burst + (this.outbox?.bytes ?? 0);
  }

  /** Bytes that wait outside the outbox and count against its bound. */
  get blockBytes(): number {
    return this.#bytes;
  }

  /** The next whole blocks, about 64 KiB of them; null when none is left. */
  nextSlice(): Buffer | null {
    const start = this.#next;
    let bytes = 0;
    while (this.#next < this.#blocks.length && bytes < SLICE_BYTES)
      bytes += this.#blocks[this.#next++]!.length;
    this.#bytes -= bytes;
    const blocks = this.#blocks.slice(start, this.#next);
    if (blocks.length === 0) return null;
    return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks, bytes);
  }

  /** Null when none is left. */
  nextOfBurst(): Batch | null {
    return this.#burst.shift() ?? null;
  }

  /** Its frames, where the reader was given `limitMs` for it; it does not wait any more then. */
  overdueBurst(now: number, limitMs: number): Frame[] {
    if (this.#burst.length === 0 || now - this.#since < limitMs) return [];
    const frames = this.#burst.flatMap((batch) => batch.frames);
    this.#burst = [];
    return frames;
  }
}
