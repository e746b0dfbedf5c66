/** Draws a heat strip on its own canvas: the image stretched into rows, gaps hatched, rows named. */
import type { AlertBands } from './alert-bands.ts';
import type { SampleWindow } from './buckets.ts';
import { CanvasFont } from './canvas-font.ts';
import { pixelsOf } from './copy/chart-copy.ts';
import { heatImage, heatShades } from './heat-image.ts';
import { ALERT_ROOM, drawAlertBands, drawAlertMarks } from './plot-alerts.ts';
import { AXIS_HEIGHT, AXIS_WIDTH, drawTimeAxis, PLOT_RIGHT } from './plot-axes.ts';
import { Hatching, type LabelledStretch, type PlotArea } from './plot-marks.ts';
import type { ThemeColours } from './theme-colours.ts';

export interface HeatDrawing {
  from: number;
  to: number;
  intervalMs: number;
  samples: SampleWindow;
  labels: readonly string[];
  stretches: readonly LabelledStretch[];
  alerts: AlertBands;
}

/** Rows shorter than this are not all named. */
const LABEL_HEIGHT = 12;
/** Rows taller than this are set apart by a line. */
const SPLIT_HEIGHT = 5;

export class HeatCanvas {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly hatching = new Hatching();
  private readonly font = new CanvasFont();
  /** One pixel per value: stretched over the plot by the browser. */
  private readonly image = document.createElement('canvas');
  private colours: ThemeColours;
  private shades: Uint32Array;
  /** Pixels of the canvas for one of the page. */
  private ratio = devicePixelRatio;
  private newest: HeatDrawing | null = null;

  constructor(canvas: HTMLCanvasElement, colours: ThemeColours) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d')!;
    this.colours = colours;
    this.shades = heatShades(colours.sunken, colours.series.s1);
  }

  recolour(colours: ThemeColours): void {
    this.colours = colours;
    this.shades = heatShades(colours.sunken, colours.series.s1);
  }

  /** Of the plot, in CSS pixels. */
  get width(): number {
    return Math.max(1, this.canvas.clientWidth - AXIS_WIDTH - PLOT_RIGHT);
  }

  /** Answers where the plot lies on the canvas, in CSS pixels. */
  draw(drawing: HeatDrawing, ratio = devicePixelRatio): PlotArea {
    this.ratio = ratio;
    this.newest = drawing;
    const area = this.fit();
    const { context, colours } = this;
    const x = (time: number): number =>
      area.left + ((time - drawing.from) / (drawing.to - drawing.from)) * (area.right - area.left);
    this.font.apply(context, colours.font);
    context.clearRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
    const plot = { context, area, colours, x };
    drawAlertBands(plot, drawing.alerts);
    this.hatching.draw(context, area, drawing.stretches, x, colours);
    this.drawRows(area, drawing);
    this.drawLabels(area, drawing.labels);
    drawTimeAxis(plot, drawing.from, drawing.to);
    drawAlertMarks(plot, drawing.alerts, null);
    return area;
  }

  /** The newest drawing, with two pixels where the page has one. */
  twice(): HTMLCanvasElement {
    if (this.newest === null) return pixelsOf(this.canvas);
    this.draw(this.newest, 2);
    const copy = pixelsOf(this.canvas);
    this.draw(this.newest);
    return copy;
  }

  /** Gives the canvas as many pixels as it is to have. */
  private fit(): PlotArea {
    const { canvas, context, ratio } = this;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return {
      left: AXIS_WIDTH,
      top: ALERT_ROOM,
      right: Math.max(AXIS_WIDTH + 1, canvas.clientWidth - PLOT_RIGHT),
      bottom: Math.max(ALERT_ROOM + 1, canvas.clientHeight - AXIS_HEIGHT),
    };
  }

  private drawRows(area: PlotArea, { from, to, intervalMs, samples }: HeatDrawing): void {
    const rows = samples.columns.length;
    if (rows === 0) return;
    const width = Math.max(1, Math.round((area.right - area.left) * this.ratio));
    const words = heatImage(samples, { from, to, intervalMs, width }, this.shades);
    this.image.width = width;
    this.image.height = rows;
    const pixels = new ImageData(new Uint8ClampedArray(words.buffer as ArrayBuffer), width, rows);
    this.image.getContext('2d')!.putImageData(pixels, 0, 0);
    const { context } = this;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, area.left, area.top, area.right - area.left, area.bottom - area.top);
    const rowHeight = (area.bottom - area.top) / rows;
    if (rowHeight < SPLIT_HEIGHT) return;
    context.fillStyle = this.colours.surface;
    for (let row = 1; row < rows; row++) {
      context.fillRect(area.left, Math.round(area.top + row * rowHeight), area.right - area.left, 1);
    }
  }

  private drawLabels(area: PlotArea, labels: readonly string[]): void {
    const { context, colours } = this;
    const rowHeight = (area.bottom - area.top) / labels.length;
    const every = Math.max(1, Math.ceil(LABEL_HEIGHT / rowHeight));
    context.fillStyle = colours.subtle;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (let row = 0; row < labels.length; row += every) {
      context.fillText(labels[row]!, area.left - 8, area.top + (row + 0.5) * rowHeight);
    }
  }
}
