/** What a series is called beside others, which part of the machine it is about, and how its values are written. */
import { seriesUnitOf, type SeriesUnit } from '../../../../shared/changes/series-unit.ts';
import { slowNameShown, slowSeriesOf, type SlowSeries } from '../../../../shared/slow-series.ts';
import { visibleText } from '../../../../shared/visible-text.ts';
import { asText, formatCount, formatNumber, isKnown, unknown } from '../../../format/number.ts';
import { formatBitRate, formatByteRate, formatBytes, formatPercent } from '../../../format/units.ts';
import { causeMessages } from './cause-messages.ts';

export type SeriesGroup = keyof typeof causeMessages.groups;

export interface SeriesName {
  group: SeriesGroup;
  /** Within its group: "user", "sda write". */
  label: string;
}

const { series: labels, fields, groups } = causeMessages;

/** By the first word of a key; what else belongs to a part is in `series`. */
const groupByWord: Readonly<Record<string, SeriesGroup>> = {
  cpu: 'cpu',
  core: 'cpu',
  load: 'cpu',
  kernel: 'cpu',
  memory: 'memory',
  swap: 'memory',
  disk: 'disk',
  net: 'network',
  tcp: 'network',
};

const groupBySeries: Readonly<Record<string, SeriesGroup>> = {
  'pressure.cpu.some': 'cpu',
  'pressure.memory.some': 'memory',
  'pressure.memory.full': 'memory',
  'pressure.io.some': 'disk',
  'pressure.io.full': 'disk',
  'kernel.blocked': 'disk',
};

export function seriesName(key: string): SeriesName {
  const slow = slowSeriesOf(key);
  if (slow !== null) return slowName(slow);
  const words = key.split('.');
  const group = groupBySeries[key] ?? groupByWord[words[0]!] ?? 'other';
  const known = (labels as Record<string, string>)[key];
  if (known !== undefined) return { group, label: known };
  const field = words.at(-1)!;
  const device = visibleText(words.slice(1, -1).join('.'));
  if (words[0] === 'core' && words.length === 3) return { group, label: causeMessages.core(device) };
  const isDevice = (words[0] === 'disk' || words[0] === 'net') && words.length >= 3;
  if (!isDevice) return { group, label: visibleText(key) };
  return { group, label: `${device} ${(fields as Record<string, string>)[field] ?? visibleText(field)}` };
}

/** "/var space used" */
function slowName(series: SlowSeries): SeriesName {
  const { kind, metric } = series;
  const words = causeMessages.slow;
  const shown = visibleText(slowNameShown(series));
  if (kind === 'filesystem') return { group: 'disk', label: words.filesystem(shown, metric) };
  return { group: 'sensors', label: kind === 'battery' ? words.battery : words[kind](shown) };
}

/** "Disk sda write" */
export function fullSeriesName(key: string): string {
  const { group, label } = seriesName(key);
  return group === 'other' ? label : `${groups[group]} ${label}`;
}

const formats: Readonly<Record<SeriesUnit, (value: number) => string>> = {
  percent: formatPercent,
  bytes: formatBytes,
  bytesPerSecond: formatByteRate,
  perSecond: (value) => `${formatNumber(value)} /s`,
  milliseconds: (value) => asText({ number: formatNumber(value), unit: 'ms' }),
  megahertz: (value) => asText({ number: formatNumber(value), unit: 'MHz' }),
  celsius: (value) => asText({ number: formatNumber(value), unit: '°C' }),
  files: formatCount,
  turnsPerMinute: (value) => asText({ number: formatNumber(value), unit: 'rpm' }),
  // Connections and processes are whole, loads are not.
  amount: (value) => (Number.isInteger(value) ? formatCount(value) : formatNumber(value)),
};

/** Network traffic in bits, as its chart has it. */
export function seriesValue(key: string, value: number | null): string {
  if (!isKnown(value)) return unknown;
  const unit = seriesUnitOf(key);
  return unit === 'bytesPerSecond' && key.startsWith('net.') ? formatBitRate(value) : formats[unit](value);
}
