/** The gaps of one host's last minutes, for snapshots: who comes now is told as well what is missing, and why. */
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import type { Gap } from '../../shared/schema/stream.ts';

/** More than that in a quarter of an hour, and the oldest make room. */
const MAX_GAPS = 64;

export class GapList {
  #gaps: Gap[] = [];

  /** `now`, in epoch milliseconds: what ended longer ago than a snapshot reaches is let go. */
  push(gap: Gap, now = Date.now()): void {
    this.#gaps = [...this.since(now - MAX_RECENT_SECONDS * 1000), gap].slice(-MAX_GAPS);
  }

  /** Those that ended after `from`, in the order they came. */
  since(from: number): Gap[] {
    return this.#gaps.filter((gap) => gap.to > from);
  }
}
