/**
 * Lines that come late, out of an agent's spool, gathered host by host: so that they stand together under one mark, and
 * not one by one between the lines of now.
 */
import type { LineRow } from './log-row.ts';

const GATHER_MS = 500;
/** So many of one host do not wait any longer. */
const MAX_LINES = 1_000;

export class LateLines {
  readonly #take: (host: string, lines: readonly LineRow[]) => void;
  readonly #gatherMs: number;
  readonly #held = new Map<string, { lines: LineRow[]; timer: ReturnType<typeof setTimeout> }>();

  /** `take` gets the lines of one host in the order they came, at least one. */
  constructor(take: (host: string, lines: readonly LineRow[]) => void, gatherMs = GATHER_MS) {
    this.#take = take;
    this.#gatherMs = gatherMs;
  }

  add(row: LineRow): void {
    const { host } = row.line;
    const held = this.#held.get(host);
    if (held === undefined) {
      const timer = setTimeout(() => this.flush(host), this.#gatherMs);
      this.#held.set(host, { lines: [row], timer });
      return;
    }
    held.lines.push(row);
    if (held.lines.length >= MAX_LINES) this.flush(host);
  }

  clear(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  /** Hands over what is gathered of a host, if anything is. */
  flush(host: string): void {
    const held = this.#held.get(host);
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.#held.delete(host);
    this.#take(host, held.lines);
  }
}
