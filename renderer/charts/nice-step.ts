/** Steps a person reads easily, for value axes. */

/** `decimal`: 1, 2, 5 times a power of ten. `iec`: powers of two, so that bytes land on whole KiB, MiB, GiB. */
export type StepBase = 'decimal' | 'iec';

/** The smallest nice step that covers `span` in at most `maxSteps` steps. `span` <= 0 gives 1. */
export function niceStep(span: number, maxSteps: number, base: StepBase): number {
  if (!(span > 0) || !Number.isFinite(span)) return 1;
  const rough = span / maxSteps;
  if (base === 'iec') return 2 ** Math.ceil(Math.log2(rough) - 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  for (const factor of [1, 2, 5]) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/** Multiples of `step` from `min` to `max`, both included where they are multiples. */
export function multiplesBetween(min: number, max: number, step: number): number[] {
  const multiples: number[] = [];
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  for (let n = first; n <= last && multiples.length < 1_000; n++) multiples.push(n === 0 ? 0 : n * step);
  return multiples;
}
