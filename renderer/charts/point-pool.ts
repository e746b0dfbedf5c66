/**
 * Points in the shape Chart.js reads without parsing, rewritten in place: a redraw at 1 Hz of a dozen charts
 * would otherwise make and drop tens of thousands of objects a second.
 */
import { GAP_INTERVALS } from './stretches.ts';

export interface ChartPoint {
  x: number;
  y: number;
}

export class PointPool {
  /** Handed to Chart.js as `dataset.data`; same array for the chart's whole life. */
  readonly points: ChartPoint[] = [];
  private readonly spare: ChartPoint[] = [];

  /** One point per sample, and a NaN point inside every gap so that the line breaks there. */
  write(times: Float64Array, values: Float64Array, distanceMs: number): void {
    const limit = GAP_INTERVALS * distanceMs;
    let length = 0;
    for (let i = 0; i < times.length; i++) {
      const time = times[i]!;
      const isAfterGap = i > 0 && time - times[i - 1]! > limit;
      if (isAfterGap) this.set(length++, times[i - 1]! + distanceMs, Number.NaN);
      this.set(length++, time, values[i]!);
    }
    while (this.points.length > length) this.spare.push(this.points.pop()!);
  }

  private set(index: number, x: number, y: number): void {
    if (index === this.points.length) this.points.push(this.spare.pop() ?? { x: 0, y: 0 });
    const point = this.points[index]!;
    point.x = x;
    point.y = y;
  }
}
