/** The replay ring: the newest frames in memory, for readers that come back with a cursor. */
import type { Frame } from './frame.ts';

/** What one frame costs besides its bytes (the objects that hold it), measured on V8 at about this much. */
const FRAME_OVERHEAD_BYTES = 256;

export class ReplayRing {
  readonly #limitBytes: number;
  /** Frames of consecutive sequences; those before `#start` are gone. */
  #frames: (Frame | undefined)[] = [];
  #start = 0;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#frames.length - this.#start;
  }

  /** `frame.sequence` must follow the newest one. */
  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length + FRAME_OVERHEAD_BYTES;
    while (this.#bytes > this.#limitBytes && this.length > 0) this.#evictOldest();
    if (this.#start > 1024 && this.#start * 2 > this.#frames.length) this.#compact();
  }

  /**
   * The frames that follow `sequence`, oldest first.
   * Null: some of them were evicted already, so an exact replay is impossible.
   */
  after(sequence: number, newestSequence: number): Frame[] | null {
    const missed = newestSequence - sequence;
    if (missed > this.length) return null;
    return this.#frames.slice(this.#frames.length - missed) as Frame[];
  }

  #evictOldest(): void {
    this.#bytes -= this.#frames[this.#start]!.bytes.length + FRAME_OVERHEAD_BYTES;
    this.#frames[this.#start] = undefined;
    this.#start++;
  }

  #compact(): void {
    this.#frames = this.#frames.slice(this.#start);
    this.#start = 0;
  }
}
