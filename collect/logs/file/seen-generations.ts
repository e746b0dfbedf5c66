/** Which rotated files of a path have been read, so that any other one is news. By identity, not by birth: clocks are set, and ticks are long. */
import type { BigIntStats } from 'node:fs';
import type { FilePosition, KeptFile, SeenPosition } from './kept-positions.ts';

/** Kept by identity; of what is older, the time of its last write is enough. */
const MAX_SEEN = 8;

export class SeenGenerations {
  #positions: readonly SeenPosition[];
  #beforeNs: bigint;
  /** Grows with each change. */
  changes = 0;

  /** `beforeNs`, in epoch nanoseconds: what was written to last by then is of no interest. */
  constructor({ seen, seenBeforeNs }: Pick<KeptFile, 'seen' | 'seenBeforeNs'>) {
    this.#positions = seen;
    this.#beforeNs = BigInt(seenBeforeNs);
  }

  get kept(): Pick<KeptFile, 'seen' | 'seenBeforeNs'> {
    return { seen: [...this.#positions], seenBeforeNs: this.#beforeNs.toString() };
  }

  /** What was written to last by then, in epoch nanoseconds, is of no interest. */
  leaveOut(writtenNs: bigint): void {
    if (writtenNs > this.#beforeNs) this.#beforeNs = writtenNs;
  }

  /** @param writtenNs epoch nanoseconds of its last write */
  add(position: FilePosition, writtenNs: bigint): void {
    this.changes++;
    // A file without a first byte cannot be known again, and reading it again doubles nothing.
    if (position.head.bytes === 0) return;
    const others = this.#positions.filter(({ id }) => id !== position.id);
    const all = [...others, { ...position, writtenNs: writtenNs.toString() }];
    const oldestFirst = all.sort((a, b) => Number(BigInt(a.writtenNs) - BigInt(b.writtenNs)));
    for (const { writtenNs: dropped } of oldestFirst.slice(0, -MAX_SEEN)) this.leaveOut(BigInt(dropped));
    this.#positions = oldestFirst.slice(-MAX_SEEN);
  }

  /** False: it was done with long ago. */
  isRecent({ mtimeNs }: BigIntStats): boolean {
    return mtimeNs > this.#beforeNs;
  }
}
