/** Rotated files that stay open for a while: their writers may not know yet, or be late with the last lines. */
import type { FileGeneration } from './file-generation.ts';

/** Kept at most, of one path; the oldest goes first. */
const MAX_LINGERING = 8;

/** Called for one that is let go, with the epoch nanoseconds of its last write. */
export type CloseGeneration = (generation: FileGeneration, writtenNs: bigint) => Promise<void>;

export class LingeringGenerations {
  readonly #close: CloseGeneration;
  readonly #lingerMs: number;
  #entries: { generation: FileGeneration; since: number }[] = [];

  /** @param lingerMs a rotated file is kept until nothing was written to it for this long */
  constructor(close: CloseGeneration, lingerMs: number) {
    this.#close = close;
    this.#lingerMs = lingerMs;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Oldest first. */
  get generations(): FileGeneration[] {
    return this.#entries.map(({ generation }) => generation);
  }

  has(generation: FileGeneration): boolean {
    return this.#entries.some((entry) => entry.generation === generation);
  }

  add(generation: FileGeneration): void {
    this.#entries.push({ generation, since: Date.now() });
  }

  /**
   * Reads what came since, and lets go of those that are quiet, too many, or cannot be read any more. `drain` answers false where it was
   * kept from reading to the end.
   */
  async settle(drain: (generation: FileGeneration) => Promise<boolean>): Promise<void> {
    const now = Date.now();
    const surplus = this.#entries.length - MAX_LINGERING;
    for (const [index, entry] of [...this.#entries].entries()) {
      const { generation, since } = entry;
      const drained = await drain(generation).catch(() => null);
      if (drained === false) return;
      if (!this.#entries.includes(entry)) continue;
      const isReadable = drained !== null;
      const isQuiet = now - Math.max(generation.grewAt, since) > this.#lingerMs;
      if (isReadable && !isQuiet && index >= surplus) continue;
      const writtenNs = await generation.writtenNs().catch(() => lastReadNs(generation));
      await this.#letGo(generation, writtenNs);
    }
  }

  /** It is another file's place now: a next rotation's copy was written over it, or it is being shredded. */
  async letGoOfRewritten(generation: FileGeneration): Promise<void> {
    await this.#letGo(generation, lastReadNs(generation));
  }

  async #letGo(generation: FileGeneration, writtenNs: bigint): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.generation !== generation);
    // Half a line: its end will not come any more.
    generation.splitter.flush();
    await this.#close(generation, writtenNs);
  }
}

function lastReadNs({ grewAt }: FileGeneration): bigint {
  return BigInt(grewAt) * 1_000_000n;
}
