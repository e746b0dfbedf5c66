/** Where the moments people point at stand on a plot, and how their name tags keep clear of each other. */
import type { Pointer } from '../../shared/schema/shares.ts';
import type { DrawnPlot } from './use-plot-gestures.ts';

export interface PointerPlace {
  pointer: Pointer;
  /** Pixels of the plot element. */
  x: number;
  /** Row of its tag, from the top. */
  row: number;
  /** The tag stands before the line: there is no room after it. */
  isBefore: boolean;
}

/** About as wide as a tag is, in pixels. */
const TAG_WIDTH = 96;
const MAX_ROWS = 3;

/** `pointers` is ordered by time; those outside of the span have no place. */
export function pointerPlaces(pointers: readonly Pointer[], { area, span }: DrawnPlot): PointerPlace[] {
  const places: PointerPlace[] = [];
  /** Where the last tag of each row ends. */
  const ends: number[] = [];
  for (const pointer of pointers) {
    if (pointer.time < span.from || pointer.time > span.to) continue;
    const share = (pointer.time - span.from) / (span.to - span.from);
    const x = area.left + share * (area.right - area.left);
    const isBefore = x + TAG_WIDTH > area.right;
    const start = isBefore ? x - TAG_WIDTH : x;
    const free = Array.from({ length: MAX_ROWS }, (_, row) => row).find(
      (row) => (ends[row] ?? -Infinity) <= start,
    );
    const row = free ?? MAX_ROWS - 1;
    ends[row] = start + TAG_WIDTH;
    places.push({ pointer, x, row, isBefore });
  }
  return places;
}
