/** Rotated files that stay open for a while: their writers may not know yet, or be late with the last lines. */
import type { FileGeneration } from './file-generation.ts';

/** A rotated file is kept until nothing was written to it for this long. */
export const LINGER_MS = 10_000;
/** Kept at most, of one path; the oldest goes first. */
const MAX_LINGERING = 8;

export class LingeringGenerations {
  readonly #close: (generation: FileGeneration) => Promise<void>;
  #entries: { generation: FileGeneration; since: number }[] = [];

  constructor(close: (generation: FileGeneration) => Promise<void>) {
    this.#close = close;
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

  /** Reads what came since, and lets go of those that are quiet, too many, or cannot be read any more. */
  async settle(drain: (generation: FileGeneration) => Promise<void>): Promise<void> {
    const now = Date.now();
    const surplus = this.#entries.length - MAX_LINGERING;
    for (const [index, entry] of [...this.#entries].entries()) {
      const { generation, since } = entry;
      const isReadable = await drain(generation).then(
        () => true,
        () => false,
      );
      const isQuiet = now - Math.max(generation.grewAt, since) > LINGER_MS;
      if (isReadable && !isQuiet && index >= surplus) continue;
      this.#entries = this.#entries.filter((kept) => kept !== entry);
      // Half a line: its end will not come any more.
      generation.splitter.flush();
      await this.#close(generation);
    }
  }

  async closeAll(): Promise<void> {
    for (const { generation } of this.#entries.splice(0)) await this.#close(generation);
  }
}
