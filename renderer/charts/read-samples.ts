/** Reads a chart's samples at one time, as text in its unit. */
import { unknown } from '../format/number.ts';
import type { SampleWindow } from './buckets.ts';
import type { ChartBoard } from './chart-board.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { ChartReading } from './reading.ts';
import { nearestSample } from './stretches.ts';

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
    rows: spec.series.map(({ label, colour }, i) => ({ label, colour, text: legend[i]! })),
    reason: null,
    headline: spec.headline?.(values) ?? null,
    legend,
  };
}
