/** Bytes in IEC units, bits in SI units, percent: each as a quantity and as text. */
import { asText, isKnown, scaled, unknownQuantity, type Quantity } from './number.ts';

const iecUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const iecRateUnits = iecUnits.map((unit) => `${unit}/s`);
const bitRateUnits = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];

/** Memory and disk: "1.46 GiB". */
export function bytesQuantity(bytes: number | null | undefined): Quantity {
  return scaled(bytes, 1024, iecUnits);
}

/** Disk traffic: "12.3 MiB/s". */
export function byteRateQuantity(bytesPerSecond: number | null | undefined): Quantity {
  return scaled(bytesPerSecond, 1024, iecRateUnits);
}

/** Network traffic, measured in bytes, told in bits: "98.4 Mbit/s". */
export function bitRateQuantity(bytesPerSecond: number | null | undefined): Quantity {
  return scaled(isKnown(bytesPerSecond) ? bytesPerSecond * 8 : null, 1000, bitRateUnits);
}

const onePlace = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const noPlace = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** One decimal place below 99.95: a second one changes every second and says nothing. */
export function percentQuantity(percent: number | null | undefined): Quantity {
  if (!isKnown(percent)) return unknownQuantity;
  return { number: (percent >= 99.95 || percent === 0 ? noPlace : onePlace).format(percent), unit: '%' };
}

export function formatBytes(bytes: number | null | undefined): string {
  return asText(bytesQuantity(bytes));
}

export function formatByteRate(bytesPerSecond: number | null | undefined): string {
  return asText(byteRateQuantity(bytesPerSecond));
}

export function formatBitRate(bytesPerSecond: number | null | undefined): string {
  return asText(bitRateQuantity(bytesPerSecond));
}

export function formatPercent(percent: number | null | undefined): string {
  return asText(percentQuantity(percent));
}

/** "1.9 of 7.8 GiB": both in the unit of the whole. */
export function formatShare(part: number | null | undefined, total: number | null | undefined): string {
  if (!isKnown(part) || !isKnown(total)) return formatBytes(part);
  const whole = bytesQuantity(total);
  const step = 1024 ** iecUnits.indexOf(whole.unit);
  return `${onePlace.format(part / step)} of ${onePlace.format(total / step)} ${whole.unit}`;
}
