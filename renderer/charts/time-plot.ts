/** Chart.js, set up for time series: the only file that knows it. Draws frames; decides nothing about data. */
import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
  type Plugin,
  type Scale,
} from 'chart.js';
import type { AlertBands } from './alert-bands.ts';
import type { AutoscaleAxis } from './autoscale.ts';
import { CanvasFont } from './canvas-font.ts';
import { pixelsOf } from './copy/chart-copy.ts';
import type { ChartFrame } from './chart-frame.ts';
import type { ChartSpec, SeriesSpec } from './chart-spec.ts';
import { ALERT_ROOM, drawAlertBands, drawAlertMarks } from './plot-alerts.ts';
import {
  drawTimeAxis,
  drawValueAxis,
  AXIS_HEIGHT,
  AXIS_WIDTH,
  PLOT_RIGHT,
  type SpecPlot,
} from './plot-axes.ts';
import { drawBands } from './plot-bands.ts';
import { Hatching, type LabelledStretch, type PlotArea } from './plot-marks.ts';
import { PointPool, type ChartPoint } from './point-pool.ts';
import { withAlpha, type ThemeColours } from './theme-colours.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

export interface PlotDrawing {
  from: number;
  to: number;
  axis: AutoscaleAxis;
  frame: ChartFrame;
  stretches: readonly LabelledStretch[];
  alerts: AlertBands;
}

export class TimePlot {
  private readonly chart: Chart<'line', ChartPoint[]>;
  private readonly pools: PointPool[];
  private readonly hatching = new Hatching();
  private readonly font = new CanvasFont();
  private readonly spec: ChartSpec;
  private readonly onResize: () => void;
  private colours: ThemeColours;
  private drawing: PlotDrawing | null = null;

  /** `onResize` is called when the canvas has a new size and wants its next drawing. */
  constructor(canvas: HTMLCanvasElement, spec: ChartSpec, colours: ThemeColours, onResize: () => void) {
    this.spec = spec;
    this.onResize = onResize;
    this.colours = colours;
    this.pools = spec.series.map(() => new PointPool());
    this.chart = new Chart(canvas, this.configuration());
  }

  /** The plot's rectangle, in CSS pixels of the canvas. */
  get area(): PlotArea {
    return this.chart.chartArea;
  }

  draw(drawing: PlotDrawing): void {
    this.drawing = drawing;
    const { frame } = drawing;
    this.pools.forEach((pool, index) => {
      pool.write(frame.plotted.times, frame.plotted.columns[index]!, frame.pointDistanceMs);
    });
    const scales = this.chart.options.scales!;
    Object.assign(scales['x']!, { min: drawing.from, max: drawing.to });
    Object.assign(scales['y']!, { min: drawing.axis.min, max: drawing.axis.max });
    this.chart.update('none');
  }

  recolour(colours: ThemeColours): void {
    this.colours = colours;
    this.spec.series.forEach((series, index) => {
      Object.assign(this.chart.data.datasets[index]!, this.style(series));
    });
  }

  /** The newest drawing, with two pixels where the page has one. */
  twice(): HTMLCanvasElement {
    const { chart } = this;
    const { width, height, options } = chart;
    options.devicePixelRatio = 2;
    chart.resize(width, height);
    chart.draw();
    const copy = pixelsOf(chart.canvas);
    delete options.devicePixelRatio;
    chart.resize(width, height);
    chart.draw();
    return copy;
  }

  destroy(): void {
    this.chart.destroy();
  }

  private configuration(): ChartConfiguration<'line', ChartPoint[]> {
    return {
      type: 'line',
      data: { datasets: this.spec.series.map((series, index) => this.dataset(series, index)) },
      options: {
        parsing: false,
        normalized: true,
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        onResize: () => queueMicrotask(this.onResize),
        layout: { padding: { top: ALERT_ROOM, right: PLOT_RIGHT, bottom: 0, left: 0 }, autoPadding: false },
        elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'round' } },
        scales: {
          x: {
            type: 'linear',
            grid: { display: false },
            border: { display: false },
            ticks: { display: false },
            afterBuildTicks: removeTicks,
            afterFit: (scale) => {
              scale.height = AXIS_HEIGHT;
            },
          },
          y: {
            type: 'linear',
            grid: { display: false },
            border: { display: false },
            ticks: { display: false },
            afterBuildTicks: removeTicks,
            afterFit: (scale) => {
              scale.width = AXIS_WIDTH;
            },
          },
        },
      },
      plugins: [this.aroundSeries()],
    };
  }

  private dataset(series: SeriesSpec, index: number): ChartDataset<'line', ChartPoint[]> {
    const specs = this.spec.series;
    const below = specs.slice(0, index).findLastIndex((other) => other.isStacked === true);
    const isArea = series.isStacked === true || series.isMirrored === true || series.isFilled === true;
    return {
      data: this.pools[index]!.points,
      fill: !isArea ? false : series.isStacked === true && below >= 0 ? below : 'origin',
      spanGaps: false,
      ...this.style(series),
    };
  }

  private style(series: SeriesSpec): Partial<ChartDataset<'line', ChartPoint[]>> {
    const colour = this.colours.series[series.colour];
    return {
      borderColor: colour,
      borderWidth: series.isStacked === true ? 1 : 1.5,
      backgroundColor: withAlpha(colour, series.isStacked === true ? 0.36 : 0.16),
    };
  }

  private aroundSeries(): Plugin<'line'> {
    return {
      id: 'aroundSeries',
      beforeDatasetsDraw: ({ ctx }) => {
        if (this.drawing === null) return;
        const { axis, from, to, frame, stretches, alerts } = this.drawing;
        const plot = this.plotOn(ctx);
        drawValueAxis(plot, axis);
        drawTimeAxis(plot, from, to);
        drawAlertBands(plot, alerts);
        this.hatching.draw(ctx, plot.area, stretches, plot.x, plot.colours);
        drawBands(plot, frame);
      },
      afterDatasetsDraw: ({ ctx }) => {
        if (this.drawing === null || this.drawing.alerts.segments.length === 0) return;
        const plot = this.plotOn(ctx);
        const { watched } = this.spec;
        drawAlertMarks(
          plot,
          this.drawing.alerts,
          watched ? (percent) => plot.y(watched.valueOf(percent)) : null,
        );
      },
    };
  }

  private plotOn(context: CanvasRenderingContext2D): SpecPlot {
    this.font.apply(context, this.colours.font);
    const { scales } = this.chart;
    return {
      context,
      area: this.area,
      colours: this.colours,
      spec: this.spec,
      x: (time) => scales['x']!.getPixelForValue(time),
      y: (value) => scales['y']!.getPixelForValue(value),
    };
  }
}

/** Ticks and grid are drawn by plot-axes.ts: Chart.js would measure and lay out every label anew in each update. */
function removeTicks(scale: Scale): void {
  scale.ticks = [];
}
