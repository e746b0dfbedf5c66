/** The gaps of one host's last minutes, for snapshots: who comes now is told as well what is missing, and why. */
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import type { Gap } from '../../shared/schema/stream.ts';

/** More than that in a quarter of an hour, and the oldest make room. */
const MAX_GAPS = 64;
/** Samples further apart than this are no line: the rule by which charts break theirs. */
export const BROKEN_AFTER_INTERVALS = 2.5;

export class GapList {
  #gaps: Gap[] = [];

  /** `now`, in epoch milliseconds: what ended longer ago than a snapshot reaches is let go. */
  push(gap: Gap, now = Date.now()): void {
    this.#gaps = [...this.since(now - MAX_RECENT_SECONDS * 1000), gap].slice(-MAX_GAPS);
  }

  /** Samples came late: what was missing while their host was offline is missing no longer. `times` ascend. */
  fill(times: readonly number[], intervalMs: number): void {
    if (!this.#gaps.some(isFillable)) return;
    const brokenMs = BROKEN_AFTER_INTERVALS * intervalMs;
    let from = 0;
    for (let at = 1; at <= times.length; at++) {
      if (at < times.length && times[at]! - times[at - 1]! <= brokenMs) continue;
      this.#cut(times[from]!, times[at - 1]!, brokenMs);
      from = at;
    }
  }

  /** Those that ended after `from`, in the order they came. */
  since(from: number): Gap[] {
    return this.#gaps.filter((gap) => gap.to > from);
  }

  #cut(from: number, to: number, brokenMs: number): void {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (!isFillable(gap) || to <= gap.from || from >= gap.to) return [gap];
      const rests = [
        { ...gap, to: from },
        { ...gap, from: to },
      ];
      return rests.filter((rest) => rest.to - rest.from > brokenMs);
    });
  }
}

function isFillable({ reason, channel }: Gap): boolean {
  return reason === 'offline' && channel === 'metrics';
}
