/** Stretches of time whose samples came late: pieces that follow each other are one. */
import type { LateSpan } from './host-state.ts';

const MAX_SPANS = 50;
/** Pieces no further apart than this many intervals belong together: the same rule as for a line without a gap. */
const TOGETHER_INTERVALS = 2.5;

/** The spans with a piece added, by time. `times` is ascending; without any nothing changes. */
export function withLateSpan(
  spans: readonly LateSpan[],
  times: readonly number[],
  intervalMs: number,
): readonly LateSpan[] {
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined) return spans;
  const reach = TOGETHER_INTERVALS * intervalMs;
  const number = 1 + Math.max(0, ...spans.map((span) => span.newest.number));
  const added: LateSpan = { from, to, newest: { from, to, number } };
  const apart: LateSpan[] = [];
  for (const span of spans) {
    if (span.from > added.to + reach || span.to < added.from - reach) {
      apart.push(span);
      continue;
    }
    added.from = Math.min(added.from, span.from);
    added.to = Math.max(added.to, span.to);
  }
  return [...apart, added].sort((a, b) => a.from - b.from).slice(-MAX_SPANS);
}
