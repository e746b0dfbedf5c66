/** A chart in one sentence, for people who do not see it. */
import type { Alert } from '../../shared/schema/alerts.ts';
import { alertMessages } from '../alerts/alert-messages.ts';
import { firesWithin } from '../alerts/alert-places.ts';
import type { SampleWindow } from './buckets.ts';
import type { TimeSpan } from './chart-board.ts';
import type { ChartSpec } from './chart-spec.ts';
import { formatInstant } from '../format/time.ts';

/** Share of the window compared with the rest of it to tell a trend. */
const RECENT_SHARE = 0.2;
/** A moment is told so finely: seconds within a few hours, else minutes. */
const STEPS = 240;
/** Smaller changes, as a share of the peak, count as steady. */
const STEADY_SHARE = 0.05;

export interface SummaryView {
  /** Epoch milliseconds. */
  now: number;
  /** Those that the chart shows. */
  alerts: readonly Alert[];
}

/** "CPU, 5 min: user now 42 %, peak 97 % at 14:02:10, rising; ... 1 alert in this window" */
export function chartSummary(
  spec: ChartSpec,
  samples: SampleWindow,
  span: TimeSpan,
  { now, alerts }: SummaryView,
): string {
  const spanMs = span.to - span.from;
  const opening = `${spec.title}, ${spanText(spanMs)}`;
  const count = alerts.filter((alert) => firesWithin(alert, span)).length;
  const closing = count === 0 ? '' : `. ${alertMessages.inWindow(count)}`;
  if (samples.times.length === 0) return `${opening}: no data${closing}`;
  const sentences = spec.series.map((series, index) => {
    const column = samples.columns[index]!;
    const highs = samples.extremes?.highs[index] ?? column;
    const peak = peakIndex(highs);
    if (peak < 0) return `${series.label} unknown`;
    const { format } = spec.unit;
    const last = column[column.length - 1]!;
    const when = formatInstant(samples.times[peak]!, { stepMs: spanMs / STEPS, now });
    return `${series.label} now ${format(last)}, peak ${format(highs[peak]!)} at ${when}, ${trend(column)}`;
  });
  return `${opening}: ${sentences.join('; ')}${closing}`;
}

/** "45 s", "5 min", "2.5 h". */
export function spanText(ms: number): string {
  const number = (value: number): string => String(Math.round(value * 10) / 10);
  if (ms < 90_000) return `${number(ms / 1000)} s`;
  if (ms < 5_400_000) return `${number(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${number(ms / 3_600_000)} h`;
  return `${number(ms / 86_400_000)} days`;
}

/** -1 where every value is unknown. */
function peakIndex(column: Float64Array): number {
  let peak = -1;
  for (let i = 0; i < column.length; i++) {
    if (!Number.isNaN(column[i]!) && (peak < 0 || column[i]! > column[peak]!)) peak = i;
  }
  return peak;
}

export function trend(column: Float64Array): 'rising' | 'falling' | 'steady' {
  const known = column.filter((value) => !Number.isNaN(value));
  const split = Math.floor(known.length * (1 - RECENT_SHARE));
  if (split < 2 || split === known.length) return 'steady';
  const change = mean(known.subarray(split)) - mean(known.subarray(0, split));
  const peak = known.reduce((a, b) => Math.max(a, b), 0);
  if (Math.abs(change) <= STEADY_SHARE * peak) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
