/** Reads a chart's samples at one time, as text in its unit. */
import { unknown } from '../format/number.ts';
import type { SampleWindow } from './buckets.ts';
import type { ChartBoard } from './chart-board.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { ChartReading, ReadSeries } from './reading.ts';
import { nearestSample } from './stretches.ts';

/** More would be taller than the chart: then the largest are listed. */
const MAX_ROWS = 8;

/** `time` null: the newest sample, however old it is. */
export function readSamples(
  spec: ChartSpec,
  samples: SampleWindow | null,
  time: number | null,
  source: { intervalMs: number; gapReason: ChartBoard['gapReason'] },
): ChartReading {
  const times = samples?.times ?? new Float64Array();
  const index = time === null ? times.length - 1 : nearestSample(times, time, source.intervalMs);
  if (samples === null || index < 0) {
    const reason = time === null ? null : source.gapReason({ from: time, to: time });
    const legend = spec.series.map(() => unknown);
    return { time, rows: null, reason, headline: spec.headline ? unknown : null, legend };
  }
  const values = samples.columns.map((column) => column[index]!);
  const legend = values.map(spec.unit.format);
  return {
    time: times[index]!,
    rows: largestOf(values).map((i) => ({ ...named(spec.series[i]!), text: legend[i]! })),
    reason: null,
    headline: spec.headline?.(values) ?? null,
    legend,
  };
}

function named({ label, colour }: ReadSeries): ReadSeries {
  return { label, colour };
}

/** Indexes of the values to list, in the series' order where all fit. */
function largestOf(values: readonly number[]): number[] {
  const indexes = values.map((_, index) => index);
  if (indexes.length <= MAX_ROWS) return indexes;
  return indexes.sort((a, b) => (values[b] || 0) - (values[a] || 0)).slice(0, MAX_ROWS);
}
