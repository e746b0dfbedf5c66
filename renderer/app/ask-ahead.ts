/** What a link shows of the past is asked for while the page that shows it is still being put together. */
import type { RouteLocation } from 'vue-router';
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import { pastLead, USUAL_POINTS } from './host-window.ts';
import type { PastSeries } from './past-series.ts';
import { shownSpan } from './time-range.ts';

/** What the charts on top of a host's screen are made of: the first that is looked at. */
export const firstKeys = [
  ...['cpu.user', 'cpu.nice', 'cpu.system', 'cpu.irq', 'cpu.softirq', 'cpu.iowait', 'cpu.steal', 'cpu.idle'],
  ...['memory.used', 'memory.cached', 'memory.buffers'],
  ...['disk.read', 'disk.write', 'net.receive', 'net.transmit'],
] as const;

/** `now` in epoch milliseconds. Windows that the stream brings by itself are not asked for. */
export function askAhead(
  past: Pick<PastSeries, 'window'>,
  { name, params, query }: Pick<RouteLocation, 'name' | 'params' | 'query'>,
  now: number,
): void {
  const { from, to } = shownSpan(query, now);
  if (name !== 'host' || from >= now - MAX_RECENT_SECONDS * 1_000) return;
  past.window({
    host: String(params['id']),
    keys: firstKeys,
    from: from - pastLead(to - from, USUAL_POINTS),
    to,
    spanMs: to - from,
    points: USUAL_POINTS,
    liveFrom: null,
  });
}
