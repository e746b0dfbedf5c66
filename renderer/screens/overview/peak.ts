/** The largest known value; null where none is known. */
export function peakOf(values: Float64Array): number | null {
  let peak: number | null = null;
  for (const value of values) if (!Number.isNaN(value) && (peak === null || value > peak)) peak = value;
  return peak;
}
