/** A batch that knows which records it has. */
import type { SpoolBatch, SpoolLimits } from './spool.ts';

export class NumberedBatch implements SpoolBatch {
  readonly lines: Buffer[] = [];
  /** Numbers of the lines' records, as ranges. */
  readonly runs: { from: number; to: number }[] = [];
  readonly #limits: SpoolLimits;
  bytes = 0;

  constructor(limits: SpoolLimits) {
    this.#limits = limits;
  }

  /** One line always fits: a batch without any would never get on. */
  takes(line: Buffer): boolean {
    const { records, bytes } = this.#limits;
    return this.lines.length === 0 || (this.lines.length < records && this.bytes + line.length <= bytes);
  }

  add(number: number, line: Buffer): void {
    this.lines.push(line);
    this.bytes += line.length;
    const newest = this.runs.at(-1);
    if (newest?.to === number - 1) newest.to = number;
    else this.runs.push({ from: number, to: number });
  }
}
