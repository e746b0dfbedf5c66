/** Pins the moment of a line on the charts of its host: beside the line where they are, else on the screen of that host. */
import { useRouter } from 'vue-router';
import { useNow } from '../../app/now.ts';
import { spanQuery, usePin } from '../../app/pin.ts';
import { useTimeRange, type TimeSpan } from '../../app/time-range.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';

/** What is shown around a line on the charts of its host, where the page shows another time. */
const AROUND_MS = 300_000;

/** `hasCharts`: they are on this screen. */
export function usePinLine(hasCharts: boolean): (line: LogLine) => void {
  const router = useRouter();
  const range = useTimeRange();
  const now = useNow();
  const pin = usePin();

  return ({ host, time }) => {
    if (hasCharts) {
      pin.set(time, isShown(time) ? null : around(time, range.windowMs.value));
      return;
    }
    // The time that was searched may be a week: a line is looked at from near.
    const span = around(time, AROUND_MS);
    void router.push({
      name: 'host',
      params: { id: host },
      query: { pin: String(time), ...spanQuery(span) },
    });
  };

  function isShown(time: number): boolean {
    const { from, to } = range.paused.value ?? { from: now.value - range.windowMs.value, to: Infinity };
    return time >= from && time <= to;
  }

  /** Not past now: of that there is nothing to be seen. */
  function around(time: number, ms: number): TimeSpan {
    const to = Math.max(time, Math.min(time + ms / 2, now.value));
    return { from: to - ms, to };
  }
}
