/** Past one sample per pixel: the band between the extremes of each pixel, so that peaks survive. */
import type { ChartFrame } from './chart-frame.ts';
import type { SpecPlot } from './plot-axes.ts';
import { GAP_INTERVALS } from './stretches.ts';
import { withAlpha } from './theme-colours.ts';

const BAND_ALPHA = 0.3;
/** The peaks have an edge: a band of one pixel's width would hardly be seen. */
const EDGE_ALPHA = 0.55;

/** Lines from low to high; a stack only above its top. */
export function drawBands(plot: SpecPlot, frame: ChartFrame): void {
  if (frame.lows === null || frame.highs === null) return;
  const { context, area, spec, colours } = plot;
  const topOfStack = spec.series.findLastIndex((series) => series.isStacked === true);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  context.clip();
  context.lineWidth = 1;
  spec.series.forEach((series, index) => {
    if (series.isStacked === true && index !== topOfStack) return;
    const lows = series.isStacked === true ? frame.plotted.columns[index]! : frame.lows![index]!;
    // What lies above a stack is of all its layers, so it wears the colour of none.
    const colour = series.isStacked === true ? colours.subtle : colours.series[series.colour];
    context.fillStyle = withAlpha(colour, BAND_ALPHA);
    context.strokeStyle = withAlpha(colour, EDGE_ALPHA);
    const highs = frame.highs![index]!;
    const peaks = series.isMirrored === true ? lows : highs;
    fillBand(plot, frame.plotted.times, lows, highs, peaks, frame.pointDistanceMs);
  });
  context.restore();
}

/** Fills between two lines and draws the one of the peaks, run by run, a gap or an unknown value ending a run. */
function fillBand(
  { context, x, y }: SpecPlot,
  times: Float64Array,
  lows: Float64Array,
  highs: Float64Array,
  peaks: Float64Array,
  distanceMs: number,
): void {
  let start = 0;
  for (let i = 0; i <= times.length; i++) {
    const endsRun =
      i === times.length ||
      Number.isNaN(highs[i]!) ||
      (i > 0 && times[i]! - times[i - 1]! > GAP_INTERVALS * distanceMs);
    if (!endsRun) continue;
    context.beginPath();
    for (let j = start; j < i; j++) context.lineTo(x(times[j]!), y(highs[j]!));
    for (let j = i - 1; j >= start; j--) context.lineTo(x(times[j]!), y(lows[j]!));
    context.fill();
    context.beginPath();
    for (let j = start; j < i; j++) context.lineTo(x(times[j]!), y(peaks[j]!));
    context.stroke();
    start = i < times.length && Number.isNaN(highs[i]!) ? i + 1 : i;
  }
}
