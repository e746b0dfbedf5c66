/** Grid, ticks and labels of a plot, drawn on its canvas. */
import type { AutoscaleAxis } from './autoscale.ts';
import type { ChartSpec } from './chart-spec.ts';
import { multiplesBetween } from './nice-step.ts';
import type { PlotArea } from './plot-marks.ts';
import type { ThemeColours } from './theme-colours.ts';
import { timeTickLabel, timeTicks } from './time-ticks.ts';

/** Space for the value labels: the same in every chart, so that plots and crosshairs line up. */
export const AXIS_WIDTH = 72;
export const AXIS_HEIGHT = 22;
export const PLOT_RIGHT = 12;
/** Below this distance two time labels would touch. */
const TICK_DISTANCE = 72;
const LABEL_GAP = 8;

export interface Plot {
  /** With the font of the labels set (canvas-font.ts). */
  context: CanvasRenderingContext2D;
  area: PlotArea;
  colours: ThemeColours;
  /** Epoch milliseconds to canvas x. */
  x: (time: number) => number;
}

export interface SpecPlot extends Plot {
  spec: ChartSpec;
  /** A value in the chart's unit to canvas y. */
  y: (value: number) => number;
}

export interface ValueTick {
  value: number;
  label: string;
  kind: 'regular' | 'threshold';
}

export function drawValueAxis(plot: SpecPlot, axis: AutoscaleAxis): void {
  const { context, area, colours, y } = plot;
  context.save();
  context.fillStyle = colours.subtle;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.lineWidth = 1;
  for (const tick of valueTicks(plot.spec, axis)) {
    const line = Math.round(y(tick.value)) + 0.5;
    const isThreshold = tick.kind === 'threshold';
    context.setLineDash(isThreshold ? [4, 3] : []);
    context.strokeStyle = isThreshold || tick.value === 0 ? colours.control : colours.line;
    context.globalAlpha = tick.value === 0 ? 0.6 : 1;
    context.beginPath();
    context.moveTo(area.left, line);
    context.lineTo(area.right, line);
    context.stroke();
    context.globalAlpha = 1;
    context.fillText(tick.label, area.left - LABEL_GAP, line);
  }
  context.restore();
}

export function drawTimeAxis({ context, area, colours, x }: Plot, from: number, to: number): void {
  context.save();
  context.fillStyle = colours.subtle;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const { step, times } = timeTicks(from, to, (area.right - area.left) / TICK_DISTANCE);
  for (const time of times) {
    const tickX = Math.round(x(time)) + 0.5;
    context.beginPath();
    context.moveTo(tickX, area.bottom);
    context.lineTo(tickX, area.bottom + 4);
    context.stroke();
    const label = timeTickLabel(time, step);
    const half = context.measureText(label).width / 2;
    // A label that would be cut off at the edge is left out.
    if (tickX - half < 0 || tickX + half > area.right + PLOT_RIGHT) continue;
    context.fillText(label, tickX, area.bottom + 13);
  }
  context.restore();
}

/** Regular ticks, the axis' own top where that is no multiple (all of the memory), and thresholds. */
export function valueTicks(spec: ChartSpec, axis: AutoscaleAxis): ValueTick[] {
  const { unit, thresholds = [] } = spec;
  const tooClose = 0.6 * axis.step;
  const marks = thresholds.filter(({ value }) => value <= axis.max);
  const values = multiplesBetween(axis.min, axis.max, axis.step);
  const lastMultiple = values.at(-1) ?? 0;
  if (axis.max - lastMultiple > 1e-6 * axis.max) {
    if (axis.max - lastMultiple < tooClose && values.length > 1) values.pop();
    values.push(axis.max);
  }
  const regular = values.filter(
    (value) => value === 0 || marks.every((mark) => Math.abs(mark.value - value) > tooClose),
  );
  // Zero keeps its line beside a threshold, and leaves the room for words to it.
  const labelOf = (value: number): string =>
    value === 0 && marks.some((mark) => Math.abs(mark.value) <= tooClose) ? '' : unit.tick(Math.abs(value));
  return [
    ...regular.map((value): ValueTick => ({ value, label: labelOf(value), kind: 'regular' })),
    ...marks.map(({ value, label }): ValueTick => ({ value, label, kind: 'threshold' })),
  ];
}
