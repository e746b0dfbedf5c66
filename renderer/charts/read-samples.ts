/** Reads a chart's samples at one time, as text in its unit. */
import { unknown } from '../format/number.ts';
import type { SampleWindow } from './buckets.ts';
import type { ChartBoard } from './chart-board.ts';
import { chartMessages } from './chart-messages.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { ChartReading, ReadSeries } from './reading.ts';
import { nearestSample } from './stretches.ts';

/** More would be taller than the chart: then the largest are listed. */
const MAX_ROWS = 8;

export interface ReadFrom extends Pick<ChartBoard, 'gapIn' | 'holeReason'> {
  /** Distance of two rows. */
  intervalMs: number;
  /** Not known yet, at this time. Default: everything is. */
  isHole?: (time: number) => boolean;
}

/** `time` null: the newest sample, however old it is. */
export function readSamples(
  spec: ChartSpec,
  samples: SampleWindow | null,
  time: number | null,
  from: ReadFrom,
): ChartReading {
  const times = samples?.times ?? new Float64Array();
  const index = time === null ? times.length - 1 : nearestSample(times, time, from.intervalMs);
  if (samples === null || index < 0) {
    const legend = spec.series.map(() => unknown);
    return {
      time,
      rows: null,
      reason: reasonAt(time, from),
      headline: spec.headline ? unknown : null,
      legend,
    };
  }
  const values = samples.columns.map((column) => column[index]!);
  const legend = values.map(spec.unit.format);
  return {
    time: times[index]!,
    rows: largestOf(values).map((i) => ({
      ...named(spec.series[i]!),
      text: legend[i]!,
      between: betweenOf(spec, samples, i, index),
    })),
    reason: null,
    headline: spec.headline?.(values) ?? null,
    legend,
  };
}

function reasonAt(time: number | null, { gapIn, holeReason, isHole }: ReadFrom): string | null {
  if (time === null) return null;
  if (isHole?.(time) === true) return holeReason?.() ?? null;
  return gapIn({ from: time, to: time })?.reason ?? null;
}

/** How far the samples behind one value reach; null where it is a sample, or all of them look the same. */
function betweenOf(
  spec: ChartSpec,
  { extremes }: SampleWindow,
  series: number,
  index: number,
): string | null {
  if (!extremes) return null;
  const [low, high] = [extremes.lows, extremes.highs].map((side) => spec.unit.format(side[series]![index]!));
  return low === high ? null : chartMessages.between(low!, high!);
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
