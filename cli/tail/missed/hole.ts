/**
 * A hole in the middle of a stream: lines that were left out, and counted, because the reader was too slow. The hub tells of it first, and
 * then come the lines that had waited for the reader. The archive has both, so what it told is left out of what comes.
 */
import { formatCursor, parseCursor, type Cursor } from '../../../shared/cursor.ts';
import type { Gap } from '../../../shared/schema/stream.ts';

/** Lines that are missing, and why. Beyond the hub's own reasons `lost`: they came while the stream was lost. */
export type Skipped = Omit<Gap, 'reason'> & { reason: Gap['reason'] | 'lost' };

export class Hole {
  #gap: Gap;
  /** The place before all that waited or was left out. */
  #from: Cursor;
  /** The newest line that the archive told. */
  #until: Cursor;
  /** All that the archive had behind `#from` was told. */
  #isFilled = false;
  /** Lines that it told and that did not come over the stream as well. */
  readonly #told = new Set<string>();

  constructor(gap: Gap, from: Cursor) {
    this.#gap = gap;
    this.#from = from;
    this.#until = from;
  }

  /** Another one before this one was passed, or the same one of another host: the two are one from then on. */
  add(gap: Gap, from: Cursor): void {
    this.#gap = {
      ...gap,
      host: gap.host === this.#gap.host ? gap.host : null,
      from: Math.min(gap.from, this.#gap.from),
      to: Math.max(gap.to, this.#gap.to),
      count: gap.count === null || this.#gap.count === null ? null : gap.count + this.#gap.count,
    };
    this.#isFilled &&= from.epoch === this.#from.epoch && from.sequence === this.#from.sequence;
    this.#from = from;
    if (from.epoch !== this.#until.epoch || from.sequence > this.#until.sequence) this.#until = from;
  }

  get isFilled(): boolean {
    return this.#isFilled;
  }

  get until(): Cursor {
    return this.#until;
  }

  /** Where the archive is to be asked from: a place that is not included. */
  get askAfter(): string {
    return formatCursor(this.#until.epoch, this.#until.sequence);
  }

  /** The archive told this line. */
  fill(id: string): void {
    const place = parseCursor(id);
    if (place?.epoch !== this.#until.epoch) return;
    this.#until = place;
    this.#told.add(id);
  }

  /** The archive told all it had. */
  close(): void {
    this.#isFilled = true;
  }

  /** Whether a line of this place was told, or would have been if there were one. */
  holds({ epoch, sequence }: Cursor): boolean {
    return epoch === this.#until.epoch && sequence <= this.#until.sequence;
  }

  /** A line that was told came over the stream as well: it was not left out. */
  came(id: string): void {
    this.#told.delete(id);
  }

  /** What nobody told; null: nothing. With a filter at most so many: what it leaves out was counted as well. */
  get left(): Skipped | null {
    if (this.#isFilled) return null;
    if (this.#gap.count === null) return this.#gap;
    const count = this.#gap.count - this.#told.size;
    return count > 0 ? { ...this.#gap, count } : null;
  }
}
