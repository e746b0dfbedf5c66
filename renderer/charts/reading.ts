/** What a chart reads at one time: its values as text, or the reason why there are none. */
import type { SeriesColour } from './chart-spec.ts';

export interface ReadSeries {
  label: string;
  colour: SeriesColour;
}

export interface ReadRow extends ReadSeries {
  text: string;
  /** "3 % – 80 %": of the samples that the value is the mean of; null where it is a sample itself. */
  between: string | null;
}

export interface ChartReading {
  /** Epoch milliseconds; null without any sample. */
  time: number | null;
  /** Null in a gap. */
  rows: ReadRow[] | null;
  /** Why there are none, in a word or two. */
  reason: string | null;
  /** The one number that stands for the chart; null where none does. */
  headline: string | null;
  /** One text per series, "–" where unknown. */
  legend: string[];
}
