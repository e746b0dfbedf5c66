/** Where stretches of late samples lie in a plot. */
import type { LateStretch, TimeSpan } from './chart-board.ts';
import type { DrawnPlot } from './use-plot-gestures.ts';

export interface LatePlace {
  /** Pixels of the plot element. */
  left: number;
  width: number;
  /** The part that came last, within the plot; null where it lies outside. */
  newest: { left: number; width: number; number: number } | null;
  span: TimeSpan;
}

/** Those that can be seen, left to right. */
export function latePlaces(spans: readonly LateStretch[], drawn: DrawnPlot): LatePlace[] {
  return spans.flatMap((late) => {
    const whole = placeOf(late, drawn);
    if (whole === null) return [];
    const newest = placeOf(late.newest, drawn);
    return [
      {
        ...whole,
        newest: newest && { ...newest, number: late.newest.number },
        span: { from: late.from, to: late.to },
      },
    ];
  });
}

function placeOf({ from, to }: TimeSpan, { area, span, intervalMs }: DrawnPlot) {
  if (to < span.from || from > span.to) return null;
  const x = (time: number) =>
    area.left + ((time - span.from) / (span.to - span.from)) * (area.right - area.left);
  // Half an interval of room on either side: a single sample is a stretch as well.
  const left = Math.max(area.left, x(from - intervalMs / 2));
  const right = Math.min(area.right, x(to + intervalMs / 2));
  return { left, width: Math.max(1, right - left) };
}
