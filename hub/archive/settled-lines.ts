/**
 * Lines of the hub's own machine and how far its logs were read are written at different times: who is killed between the two reads some
 * lines again. Until it is known how far was read, lines stay on the tapes, where they can be taken out again (docs/adr/0076).
 */
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import type { LineKeeping } from '../../shared/observer.ts';

/** Tapes of an earlier start wait for `rewind` no longer than this: a hub may have no observer that calls it. */
const HOLD_MS = 10_000;

export interface SettledLinesOptions {
  folder: string;
  /** The start of the hub, as in cursors. */
  epoch: string;
  /** Resolves when all lines taken so far are on the disk, or lost. */
  flush: () => Promise<void>;
  /** Tapes that had to wait may be moved now. */
  onSettled: () => void;
  report: (trouble: Error) => void;
}

export class SettledLines implements LineKeeping {
  readonly #options: SettledLinesOptions;
  readonly #startedAt = performance.now();
  /** By the tape that was closed, the newest line there was: it has none behind that. */
  readonly #closedAt = new Map<string, number>();
  /** False: nobody asked so far. */
  #isAsked = false;
  /** Sequence of the newest line, and of the newest that will not be handed over again. */
  #newest = 0;
  #settled = 0;

  constructor(options: SettledLinesOptions) {
    this.#options = options;
  }

  take(sequence: number): void {
    this.#newest = sequence;
  }

  tapeClosed(name: string): void {
    this.#closedAt.set(name, this.#newest);
  }

  /** False: lines on it may have to be taken out. */
  mayMove(name: string): boolean {
    const newest = this.#closedAt.get(name);
    if (this.#isAsked) return (newest ?? 0) <= this.#settled;
    return newest !== undefined || performance.now() - this.#startedAt > HOLD_MS;
  }

  moved(names: readonly string[]): void {
    for (const name of names) this.#closedAt.delete(name);
  }

  async settle(): Promise<string> {
    this.#isAsked = true;
    const place = formatCursor(this.#options.epoch, this.#newest);
    await this.#options.flush();
    return place;
  }

  settled(place: string): void {
    this.#settled = parseCursor(place)!.sequence;
    this.#options.onSettled();
  }

  async rewind(host: string, place: string, once: string | null): Promise<void> {
    try {
      const { rewindTapes } = await import('./tape/rewind-tapes.ts');
      rewindTapes(this.#options.folder, host, place, once);
    } catch (error) {
      this.#options.report(error as Error);
    }
    this.#isAsked = true;
  }
}
