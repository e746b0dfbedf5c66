/**
 * Which records of one host have come, by run and sequence. `shown`: readers have been told; `kept`: it was handed to the
 * journal; `durable`: it is on the journal's disk. They differ while it is written, or the disk is full: what was shown is not
 * told twice, what was handed over is not handed over again, and what is not durable is neither acknowledged nor promised in
 * a head, which may reach the disk before the record does.
 */
import { SeqRanges } from './seq-ranges.ts';

/** An agent that cannot stay up begins a run with every start; its spool may hold records of all of them. */
export const MAX_RUNS = 512;
/** Each lost live batch leaves a hole until the backfill has filled it. */
export const MAX_RANGES = 1024;

export interface RunEntry {
  readonly shown: SeqRanges;
  readonly kept: SeqRanges;
  readonly durable: SeqRanges;
}

/** As it is written: run, and the ranges of what is durable. */
export type KeptRun = readonly [run: string, ranges: readonly number[]];

export class RunLedger {
  /** The one that was asked for longest ago first. */
  readonly #runs = new Map<string, RunEntry>();

  constructor(kept: readonly KeptRun[] = []) {
    for (const [run, ranges] of kept.slice(-MAX_RUNS)) {
      this.#runs.set(run, newEntry(ranges));
    }
  }

  get size(): number {
    return this.#runs.size;
  }

  /** Null: nothing of it has come, or so long ago that other runs took its place. */
  find(run: string): RunEntry | null {
    return this.#runs.get(run) ?? null;
  }

  /** What the journal holds besides. */
  include(run: string, ranges: SeqRanges): void {
    const { shown, kept, durable } = this.entryOf(run);
    for (const known of [shown, kept, durable]) known.include(ranges);
  }

  entryOf(run: string): RunEntry {
    const entry = this.#runs.get(run) ?? newEntry();
    this.#runs.delete(run);
    this.#runs.set(run, entry);
    if (this.#runs.size > MAX_RUNS) this.#runs.delete(this.#runs.keys().next().value!);
    return entry;
  }

  /** True where one more hole has no place. */
  isScattered(run: string): boolean {
    return (this.#runs.get(run)?.kept.length ?? 0) >= MAX_RANGES;
  }

  /** Keeps within `MAX_RANGES`: the spool sends its oldest first, so the lowest hole is one that nothing fills any more. */
  tidy(run: string): void {
    const entry = this.#runs.get(run);
    if (!entry) return;
    for (const ranges of [entry.shown, entry.kept, entry.durable]) {
      while (ranges.length > MAX_RANGES) ranges.closeLowestHole();
    }
  }

  toJSON(): KeptRun[] {
    return [...this.#runs].map(([run, { durable }]) => [run, durable.toJSON()]);
  }
}

function newEntry(ranges: readonly number[] = []): RunEntry {
  return { shown: SeqRanges.of(ranges), kept: SeqRanges.of(ranges), durable: SeqRanges.of(ranges) };
}
