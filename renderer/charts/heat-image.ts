/** The pixels of a heat strip: one column per plot pixel, one row per series, shaded by value. */
import type { SampleWindow } from './buckets.ts';
import { GAP_INTERVALS } from './stretches.ts';
import { channelsOf } from './theme-colours.ts';

/** 0-100, one shade each. */
const SHADES = 101;

/** Colours from `cold` (0) to `hot` (100), both `#rrggbb`, as canvas image words (little-endian RGBA). */
export function heatShades(cold: string, hot: string): Uint32Array {
  const from = channelsOf(cold);
  const to = channelsOf(hot);
  return Uint32Array.from({ length: SHADES }, (_, percent) => {
    const share = percent / (SHADES - 1);
    const [red, green, blue] = from.map((channel, i) => Math.round(channel + share * (to[i]! - channel)));
    return ((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;
  });
}

/**
 * Shades `width` columns for `from`..`to`; what is unknown or in a gap stays transparent. Where samples share a
 * column the highest shows, so that no spike is lost. Returns `width` * rows words, row by row.
 */
export function heatImage(
  { times, columns, extremes }: SampleWindow,
  view: { from: number; to: number; intervalMs: number; width: number },
  shades: Uint32Array,
): Uint32Array {
  const { from, to, intervalMs, width } = view;
  const image = new Uint32Array(width * columns.length);
  const perPixel = (to - from) / width;
  (extremes?.highs ?? columns).forEach((values, row) => {
    const peaks = new Float64Array(width).fill(Number.NaN);
    for (let i = 0; i < times.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      // A sample stands for the time since the one before, or for its own interval after a gap.
      const before = i > 0 ? times[i]! - times[i - 1]! : Number.POSITIVE_INFINITY;
      const length = before <= GAP_INTERVALS * intervalMs ? before : intervalMs;
      // A row of many samples lies in their middle.
      const last = times[i]! + (extremes ? length / 2 : 0);
      const start = Math.max(0, Math.floor((last - length - from) / perPixel));
      const end = Math.min(width, Math.ceil((last - from) / perPixel));
      for (let x = start; x < end; x++) {
        if (!(peaks[x]! >= value)) peaks[x] = value;
      }
    }
    for (let x = 0; x < width; x++) {
      const peak = peaks[x]!;
      if (!Number.isNaN(peak)) image[row * width + x] = shades[Math.min(SHADES - 1, Math.round(peak))]!;
    }
  });
  return image;
}
