/** The CPU of each process over the last minute, built by the page from the tables it receives. */
import type { Processes } from '../../../shared/schema/processes.ts';
import { processKey } from './process-order.ts';

export const HISTORY_MS = 60_000;

interface Point {
  time: number;
  cpuPercent: number;
}

export interface SparkBox {
  width: number;
  height: number;
}

/** The top of a sparkline is at least one busy core, so that idle processes look idle. */
const MIN_TOP_PERCENT = 100;
/** Tables further apart than this many of their intervals leave a gap. */
const GAP_TABLES = 2.5;

export class ProcessHistory {
  private readonly points = new Map<string, Point[]>();
  private newest = 0;
  private intervalMs = 2_000;

  /** A table no newer than the last one is left out. */
  add({ time, intervalMs, rows }: Processes): void {
    if (time <= this.newest) return;
    this.newest = time;
    this.intervalMs = Math.max(1, intervalMs);
    for (const row of rows) {
      const key = processKey(row);
      const points = this.points.get(key) ?? [];
      points.push({ time, cpuPercent: row.cpuPercent });
      this.points.set(key, points);
    }
    for (const [key, points] of this.points) {
      while (points.length > 0 && points[0]!.time < time - HISTORY_MS) points.shift();
      if (points.length === 0) this.points.delete(key);
    }
  }

  /** Processes remembered: those seen in the last minute. */
  get size(): number {
    return this.points.size;
  }

  /** An SVG path, newest at the right edge; '' for a process never seen. Broken where tables left it out. */
  path(key: string, { width, height }: SparkBox): string {
    const points = this.points.get(key);
    if (points === undefined) return '';
    const top = points.reduce((peak, { cpuPercent }) => Math.max(peak, cpuPercent), MIN_TOP_PERCENT);
    let path = '';
    points.forEach(({ time, cpuPercent }, index) => {
      const x = width * (1 - (this.newest - time) / HISTORY_MS);
      const y = 1 + (height - 2) * (1 - cpuPercent / top);
      const continues = index > 0 && time - points[index - 1]!.time <= GAP_TABLES * this.intervalMs;
      path += `${continues ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    return path;
  }
}
