/** Temperatures over time, remembered by the page: they come every few seconds and are in no sample. */
import type { BoardWindow, KnownGap, TimeSpan } from '../../charts/chart-board.ts';
import { hostMessages } from './host-messages.ts';
import type { Sensors } from '../../../shared/schema/slow-tiers.ts';

/** 15 minutes at one reading in five seconds. */
const CAPACITY = 180;
/** What is read before a span, so that a line comes in from there. */
const LEAD_INTERVALS = 2.5;

export class SensorHistory {
  private readonly readings: { time: number; celsius: Map<string, number> }[] = [];

  /** A reading no newer than the last one is left out. */
  add({ time, temperatures }: Sensors): void {
    const last = this.readings.at(-1);
    if (last !== undefined && time <= last.time) return;
    this.readings.push({
      time,
      celsius: new Map(temperatures.map(({ label, celsius }) => [label, celsius])),
    });
    if (this.readings.length > CAPACITY) this.readings.shift();
  }

  window(labels: readonly string[], { from, to }: TimeSpan): BoardWindow {
    const lead = LEAD_INTERVALS * this.intervalMs;
    const shown = this.readings.filter(({ time }) => time >= from - lead && time <= to);
    return {
      times: Float64Array.from(shown, ({ time }) => time),
      columns: labels.map((label) =>
        Float64Array.from(shown, ({ celsius }) => celsius.get(label) ?? Number.NaN),
      ),
    };
  }

  /** Readings are in no history: before the first one the page has seen there are none. */
  gapIn({ from, to }: TimeSpan): KnownGap | null {
    const first = this.readings[0];
    if (first !== undefined && to > first.time) return null;
    return { from, to, reason: hostMessages.charts.notKept, isExpected: true };
  }

  /** Time between the two newest readings; 10 s before there are two. */
  get intervalMs(): number {
    const [before, last] = this.readings.slice(-2);
    return before === undefined || last === undefined ? 10_000 : last.time - before.time;
  }
}
