/** A chart as it is shown at this moment, for an image or a table of it. */
import type { SampleWindow } from '../buckets.ts';
import type { ReadSeries } from '../reading.ts';
import type { DrawnPlot } from '../use-plot-gestures.ts';

export interface ChartCopy {
  title: string;
  /** Name of the host; '': the chart is of none. */
  subject: string;
  /** "%", "bytes", "bit/s"; '': a bare amount. */
  unitName: string;
  series: readonly ReadSeries[];
  /** Text of each series at its end; null: the plot itself names its series. */
  legend: readonly string[] | null;
  drawn: DrawnPlot;
  /** Every row that was drawn, in the chart's unit. */
  samples: SampleWindow;
  /** Drawn anew with two pixels where the page has one. */
  canvas: HTMLCanvasElement;
}

/** What a chart itself knows of it; the frame around charts knows the rest. */
export type PlotCopy = Pick<ChartCopy, 'unitName' | 'drawn' | 'samples' | 'canvas'>;

/** `cpu-web-1-2026-11-21-1403.png`; what a file system might mind is left out. */
export function copyName({ title, subject, drawn }: ChartCopy, extension: string): string {
  const moment = new Date(drawn.span.from - new Date(drawn.span.from).getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 16)
    .replace('T', '-')
    .replace(':', '');
  const words = [title, subject].join('-').toLowerCase();
  return `${words.replace(/[^\p{L}\p{N}.]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '')}-${moment}.${extension}`;
}

/** The pixels of a canvas, before it is drawn anew. */
export function pixelsOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d')!.drawImage(canvas, 0, 0);
  return copy;
}
