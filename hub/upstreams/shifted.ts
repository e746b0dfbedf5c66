/** Events of a hub whose clock is wrong, by the clock of this one. */
import type { StreamEvent } from '../../shared/events.ts';

/** Smaller differences are the network's, or nobody's concern. */
export const TOLERATED_SKEW_MS = 2_000;

/** `skewMs`: how far the other clock is ahead. Events that name no time are left as they are. */
export function shifted<Event extends StreamEvent>(event: Event, skewMs: number): Event {
  if (skewMs === 0) return event;
  switch (event.name) {
    case 'sample':
    case 'filesystems':
    case 'sensors':
    case 'processes':
    case 'log':
      return { ...event, data: { ...event.data, time: event.data.time - skewMs } };
    case 'gap':
      return {
        ...event,
        data: { ...event.data, from: event.data.from - skewMs, to: event.data.to - skewMs },
      };
    case 'recent':
    case 'backfill':
      return { ...event, data: { ...event.data, times: event.data.times.map((time) => time - skewMs) } };
    case 'source':
      return { ...event, data: { ...event.data, since: event.data.since - skewMs } };
    default:
      return event;
  }
}
