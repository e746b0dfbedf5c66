/** How fast and how late events arrive, for the connection pill. Counting costs next to nothing; reading is once a second. */
import type { StreamEvent } from '../../shared/events.ts';

export interface StreamMeter {
  /** `isLive`: it came as it happened, not inside a snapshot. */
  count(event: StreamEvent, isLive: boolean): void;
  /** Events a second over the last ten seconds, or since the first event. */
  rate(): number;
  /** Milliseconds since the last event; null before the first. */
  ageMs(): number | null;
  /** Milliseconds from the hub's time of the newest sample or ping to its arrival; null before the first. */
  lagMs(): number | null;
  readonly total: number;
}

export interface StreamMeterOptions {
  /** Epoch milliseconds of the hub. */
  hubNow: () => number;
  /** Milliseconds since any fixed instant. Default `performance.now`. */
  now?: () => number;
}

const windowSeconds = 10;

export function createStreamMeter({
  hubNow,
  now = () => performance.now(),
}: StreamMeterOptions): StreamMeter {
  /** Events by second, in a ring. */
  const counts = new Array<number>(windowSeconds).fill(0);
  let second = -1;
  let firstSecond = -1;
  let lastAt: number | null = null;
  let lag: number | null = null;
  let total = 0;

  return {
    count(event, isLive) {
      lastAt = now();
      roll(lastAt);
      counts[second % windowSeconds]!++;
      total++;
      if (!isLive) return;
      if (event.name === 'sample') lag = Math.max(0, hubNow() - event.data.time);
      else if (event.name === 'ping') lag = Math.max(0, hubNow() - event.data.serverTime);
    },
    rate() {
      if (lastAt === null) return 0;
      roll(now());
      const seconds = Math.min(windowSeconds, second - firstSecond + 1);
      return counts.reduce((sum, each) => sum + each, 0) / seconds;
    },
    ageMs: () => (lastAt === null ? null : now() - lastAt),
    lagMs: () => lag,
    get total() {
      return total;
    },
  };

  /** Empties the seconds that have passed since the last count. */
  function roll(at: number): void {
    const current = Math.floor(at / 1000);
    if (firstSecond === -1) firstSecond = current;
    const passed = second === -1 ? 0 : Math.min(windowSeconds, current - second);
    for (let step = 1; step <= passed; step++) counts[(second + step) % windowSeconds] = 0;
    second = current;
  }
}
