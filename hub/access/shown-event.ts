/** What a sight shows of an event: the one place that narrows data, for streams, snapshots and REST. */
import type { StreamEvent } from '../../shared/events.ts';
import type { Alert } from '../../shared/schema/alerts.ts';
import type { Recent } from '../../shared/schema/stream.ts';
import { beginningOf, type Sight } from './sight.ts';

/** True where events pass as they are, which every reader of the whole hub relies on to cost nothing. */
export function showsAsIs({ show, since }: Sight): boolean {
  return show === null && since === null;
}

/** Of an event that is about a host which the sight holds, or about none; null: nothing. */
export function shownEvent(sight: Sight, event: StreamEvent): StreamEvent | null {
  if (sight.since === 'live' && isLate(event)) return null;
  const cut = sight.since === null ? event : since(beginningOf(sight), event);
  return cut === null || sight.show === null ? cut : sight.show(cut);
}

/** Whatever comes late happened before, and mostly before the reader came. */
function isLate({ name, data }: StreamEvent): boolean {
  return name === 'backfill' || (name === 'log' && data.late === true);
}

/** What of it is of `from` or later. What tells how things are, and has no time of its own, is of now. */
function since(from: number, event: StreamEvent): StreamEvent | null {
  if (event.name === 'gap') {
    if (event.data.to < from) return null;
    return event.data.from >= from ? event : { name: 'gap', data: { ...event.data, from } };
  }
  if (event.name === 'backfill' || event.name === 'recent') {
    const data = rowsSince(from, event.data);
    return data && { name: event.name, data };
  }
  if (event.name === 'alert')
    return endedBefore(from, event.data) ? { name: 'alert', data: forgotten(event.data, from) } : event;
  return 'time' in event.data && event.data.time < from ? null : event;
}

/** What still fires is of now, whenever it began. */
export function endedBefore(from: number, { endedAt }: Alert): boolean {
  return (endedAt ?? Infinity) < from;
}

/** It may be told late, to readers who know it as firing: that much is of now. */
function forgotten(alert: Alert, from: number): Alert {
  return { ...alert, subject: null, peak: null, since: from, firedAt: from, endedAt: from };
}

function rowsSince(from: number, columns: Recent): Recent | null {
  const { times, series } = columns;
  if (times.every((time) => time >= from)) return columns;
  const isKept = times.map((time) => time >= from);
  if (!isKept.includes(true)) return null;
  const kept = <Value>(column: readonly Value[]): Value[] => column.filter((_, row) => isKept[row]);
  return {
    ...columns,
    times: kept(times),
    series: Object.fromEntries(Object.entries(series).map(([key, column]) => [key, kept(column)])),
  };
}
