/** What a chart shows, apart from how: its series, unit and axis. */
import type { AlertMeasure } from '../../shared/schema/alerts.ts';
import type { Unit } from './units.ts';

/** The six series colours of the theme; status colours are never used for series. */
export type SeriesColour = 's1' | 's2' | 's3' | 's4' | 's5' | 's6';

export interface SeriesSpec {
  /** Names the series in legends, tables and summaries. */
  label: string;
  colour: SeriesColour;
  /** Series keys (shared/series.ts), added up. */
  keys: readonly string[];
  /** Drawn below the zero line, as a positive number. Default false. */
  isMirrored?: boolean;
  /** Lies on top of the stacked series before it. Default false: a line of its own. */
  isStacked?: boolean;
  /** Fills down to the zero line; stacked and mirrored series always do. Default false. */
  isFilled?: boolean;
}

/** `max` in the chart's unit. */
export interface FixedAxis {
  kind: 'fixed';
  max: number;
}

/** Follows the data; never ends below `floor`. */
export interface AutoAxis {
  kind: 'auto';
  floor: number;
  /** Nothing can be more: the axis never ends above it. Default: there is no such value. */
  ceiling?: number;
}

export interface Threshold {
  value: number;
  label: string;
}

/** What rules watch of what the chart shows. */
export interface WatchedMeasure {
  measure: AlertMeasure;
  /** Where an amount in percent lies, in the chart's unit. */
  valueOf: (percent: number) => number;
}

export interface ChartSpec {
  title: string;
  unit: Unit;
  axis: FixedAxis | AutoAxis;
  series: readonly SeriesSpec[];
  /** The one value that stands for the chart, of its series' values in order (NaN: unknown). Default: none. */
  headline?: (values: readonly number[]) => string;
  /** All stacked series are together `of` less this key, in the chart's unit: so a peak of the stack is known, as that of a sum is not. */
  whole?: { of: number; lessKey: string };
  /** Levels worth a tick of their own, such as the number of cores in a load chart. */
  thresholds?: readonly Threshold[];
  /** Default: nothing of it is watched. */
  watched?: WatchedMeasure;
}

/** Every key the chart reads, each once. */
export function keysOf({ series, whole }: ChartSpec): string[] {
  return [...new Set([...series.flatMap(({ keys }) => keys), ...(whole ? [whole.lessKey] : [])])];
}
