/** How a chart's numbers read: which steps suit its axis, and the texts of values and ticks. */
import { asText, formatNumber, isKnown, unknown } from '../format/number.ts';
import { formatBitRate, formatByteRate, formatBytes, formatPercent } from '../format/units.ts';
import type { StepBase } from './nice-step.ts';

export interface Unit {
  /** As the head of a table names it: "bytes/s"; '': a bare amount. */
  name: string;
  /** Which steps look nice on its axis. */
  base: StepBase;
  /** Turns a series' own number into this unit: 8 for bytes shown as bits. */
  factor: number;
  /** Characters of its widest value, so that a place can be kept for it. */
  width: number;
  /** "12.3 MiB/s": for legends, readouts and tables. NaN gives "-". */
  format: (value: number) => string;
  /** As short as it can be, for an axis: "12 MiB/s". */
  tick: (value: number) => string;
}

export const percentUnit: Unit = unit('%', 'decimal', 6, formatPercent);
/** Memory and disk sizes. */
export const bytesUnit: Unit = unit('bytes', 'iec', 8, formatBytes);
/** Disk traffic. */
export const byteRateUnit: Unit = unit('bytes/s', 'iec', 10, formatByteRate);
/** Network traffic, of series in bytes per second. */
export const bitRateUnit: Unit = {
  ...unit('bit/s', 'decimal', 11, (bits) => formatBitRate(bits / 8)),
  factor: 8,
};
/** A bare amount, such as the load average. */
export const amountUnit: Unit = unit('', 'decimal', 5, formatNumber);
export const celsiusUnit: Unit = unit('°C', 'decimal', 8, (value) => asText(celsiusQuantity(value)));

function celsiusQuantity(value: number): { number: string; unit: string } {
  return isKnown(value) ? { number: value.toFixed(1), unit: '°C' } : { number: unknown, unit: '' };
}

function unit(name: string, base: StepBase, width: number, format: (value: number) => string): Unit {
  return {
    name,
    base,
    factor: 1,
    width,
    format,
    tick: (value) => (value === 0 ? '0' : shortened(format(value))),
  };
}

/** "4.00 GiB" as "4 GiB": zeros that end a tick's fraction say nothing. */
function shortened(text: string): string {
  return text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
}
