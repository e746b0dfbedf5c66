/** Since when there is something of each host, held for a while: it hardly moves, and asking for it takes as long as a chart. */
import type { HistoryReader, HostExtent } from '../store/history-reader.ts';

/** What is too old goes once an hour or so, and late samples are older than the oldest once in a host's life. */
const HELD_MS = 60_000;
const MAX_HELD = 1_024;

export type KeptExtent = Pick<HostExtent, 'oldest' | 'keptFrom'>;

export class KeptSince {
  readonly #reader: Pick<HistoryReader, 'extent'>;
  readonly #held = new Map<string, { extent: KeptExtent; until: number }>();

  constructor(reader: Pick<HistoryReader, 'extent'>) {
    this.#reader = reader;
  }

  /** Epoch milliseconds of the oldest sample; null: none is kept. Rejects as the reader does. */
  async of(host: string, signal: AbortSignal): Promise<number | null> {
    return (await this.extentOf(host, signal)).oldest;
  }

  /** The same, and what each tier has dropped. */
  async extentOf(host: string, signal: AbortSignal): Promise<KeptExtent> {
    const held = this.#held.get(host);
    if (held !== undefined && held.until > performance.now()) return held.extent;
    const { oldest, keptFrom } = await this.#reader.extent(host, signal);
    const extent = { oldest, keptFrom };
    this.#held.delete(host);
    if (oldest === null) return extent;
    if (this.#held.size >= MAX_HELD) this.#held.delete(this.#held.keys().next().value!);
    this.#held.set(host, { extent, until: performance.now() + HELD_MS });
    return extent;
  }
}
