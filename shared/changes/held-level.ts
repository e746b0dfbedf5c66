/** The highest level that a series held for a while, or the lowest: what lasts counts, and a single outlier does not. */

/**
 * The highest number that so many values in a row were not below; `low`: the lowest that they were not above. Of fewer values than `length`:
 * of all of them. `values` by time, at least one, all of them known; `length` is rounded up.
 */
export function heldLevel(values: Float64Array, length: number, end: 'high' | 'low'): number {
  const sign = end === 'high' ? 1 : -1;
  const width = Math.min(values.length, Math.ceil(length));
  /** Places of the last `width` values that may still be the least of those to come; their values ascend. */
  const least: number[] = [];
  let best = -Infinity;
  for (const [place, value] of values.entries()) {
    while (least.length > 0 && sign * values[least.at(-1)!]! >= sign * value) least.pop();
    least.push(place);
    if (least[0]! <= place - width) least.shift();
    if (place >= width - 1) best = Math.max(best, sign * values[least[0]!]!);
  }
  return sign * best;
}
