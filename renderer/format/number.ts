/** Numbers as the page writes them: three significant digits, grouped, "-" for unknown. */

/** Shown where a value is not known; 0 is written as 0. */
export const unknown = '-';

/** A number and its unit apart, so that they can be set in different type. */
export interface Quantity {
  number: string;
  /** '' where there is none, or the value is unknown. */
  unit: string;
}

export const unknownQuantity: Quantity = { number: unknown, unit: '' };

const byDigits = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const whole = byDigits[0]!;

export function isKnown(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** "0", "0.12", "1.23", "12.3", "123", "1,234": digits after the point by size, so that columns keep still. */
export function formatNumber(value: number | null | undefined): string {
  if (!isKnown(value)) return unknown;
  const size = Math.abs(value);
  if (size < 0.005 || size >= 99.95) return whole.format(value);
  return byDigits[size >= 9.995 ? 1 : 2]!.format(value);
}

export function formatCount(value: number | null | undefined): string {
  return isKnown(value) ? whole.format(value) : unknown;
}

export function asText({ number, unit }: Quantity): string {
  return unit === '' ? number : `${number} ${unit}`;
}

/** Picks the largest unit that leaves a number of at least one. 999.6 of a unit already reads as one of the next. */
export function scaled(value: number | null | undefined, step: number, units: readonly string[]): Quantity {
  if (!isKnown(value)) return unknownQuantity;
  let rest = value;
  let index = 0;
  while (Math.abs(rest) >= step - 0.5 && index < units.length - 1) {
    rest /= step;
    index++;
  }
  // Nobody counts in tenths of a byte.
  return { number: index === 0 ? whole.format(rest) : formatNumber(rest), unit: units[index]! };
}
