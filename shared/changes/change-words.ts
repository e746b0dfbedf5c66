/** A change in words, for people and for scripts that post them: "CPU iowait rose from 0.4 % to 61 %, 38 times its usual spread." */
import { slowNameShown, slowSeriesOf, type SlowSeries } from '../slow-series.ts';
import { visibleText } from '../visible-text.ts';
import type { ScoredChange } from './change-score.ts';
import { seriesUnitOf, type SeriesUnit } from './series-unit.ts';
import { shownMove } from './shown-move.ts';

export function changeWords(change: ScoredChange): string {
  const { series, direction, now, before, score } = change;
  const name = nameOf(series);
  const unit = seriesUnitOf(series);
  if (before === null) return `${begun(name)} appeared, at ${amountOf(now!.median, unit)}.`;
  if (now === null) return `${begun(name)} vanished; before, it was at ${amountOf(before.median, unit)}.`;
  const times = `${inDigits(score)} times its usual spread`;
  const verb = direction === 'down' ? 'fell' : 'rose';
  const [was, is] = [amountOf(before.median, unit), amountOf(now.median, unit)];
  const { isPeak, isBeyond } = shownMove(change);
  if (was !== is && !isPeak) return `${begun(name)} ${verb} from ${was} to ${is}, ${times}.`;
  if (!isBeyond) {
    const stayed = direction === 'down' ? 'low for longer, down to' : 'high for longer, up to';
    const furthest = amountOf(direction === 'down' ? now.min : now.max, unit);
    return `${begun(name)} stayed ${stayed} ${furthest}, ${times}.`;
  }
  // Its middle stayed about where it was: what moved is how high it goes, or how low.
  const [end, from, to] = direction === 'down' ? ['low', before.min, now.min] : ['peak', before.max, now.max];
  return `The ${end} of ${name} went from ${amountOf(from, unit)} to ${amountOf(to, unit)}, ${times}.`;
}

const firstWords: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  net: 'network',
  tcp: 'TCP',
};

/** "cpu.iowait": "CPU iowait"; "net.eth0.receive": "network eth0 receive"; "filesystem./var.used": "space used on /var". */
function nameOf(series: string): string {
  const slow = slowSeriesOf(series);
  if (slow !== null) return nameOfSlow(slow);
  const [first = '', ...rest] = series.split('.');
  return [firstWords[first] ?? first, ...rest].join(' ');
}

function nameOfSlow(series: SlowSeries): string {
  const { kind, metric } = series;
  const shown = visibleText(slowNameShown(series));
  switch (kind) {
    case 'filesystem':
      return `${slowMetrics[metric] ?? metric} on ${shown}`;
    case 'temperature':
      return `temperature of ${shown}`;
    case 'fan':
      return `fan ${shown}`;
    case 'battery':
      return 'battery';
  }
}

const slowMetrics: Readonly<Record<string, string>> = {
  used: 'space used',
  available: 'space available',
  total: 'space',
  inodesUsed: 'inodes used',
  inodesTotal: 'inodes',
};

/** As the first words of a sentence. */
function begun(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const suffixes: Readonly<Record<SeriesUnit, string>> = {
  percent: ' %',
  bytes: '',
  bytesPerSecond: '/s',
  perSecond: ' a second',
  milliseconds: ' ms',
  megahertz: ' MHz',
  celsius: ' °C',
  files: '',
  turnsPerMinute: ' rpm',
  amount: '',
};

function amountOf(value: number, unit: SeriesUnit): string {
  if (unit === 'bytes' || unit === 'bytesPerSecond') return `${inBytes(value)}${suffixes[unit]}`;
  return `${inDigits(value)}${suffixes[unit]}`;
}

function inBytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${inDigits(value / 1024 ** power)} ${units[power]}`;
}

/** Three digits that count, and no thousandths. */
function inDigits(value: number): string {
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(decimals)));
}
