/** One message of another hub, checked: an event this version knows, one it does not, or none at all. */
import { streamEvents, type StreamEvent, type StreamEventName } from '../../shared/events.ts';
import type { StreamMessage } from './stream-messages.ts';

/** Rows of a snapshot's columns, and columns: what a hub of any version may hold of one host. */
const MAX_ROWS = 3_600;
const MAX_COLUMNS = 8_192;

/** `unknown`: of a later version, to be left out. `bad`: a known name whose data does not fit. */
export function decodeEvent({ name, data }: StreamMessage): StreamEvent | 'unknown' | 'bad' {
  if (!Object.hasOwn(streamEvents, name)) return 'unknown';
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return 'bad';
  }
  const parsed = streamEvents[name as StreamEventName].schema.safeParse(value);
  if (!parsed.success) return 'bad';
  const event = { name, data: parsed.data } as StreamEvent;
  return isColumns(event) && !fits(event.data) ? 'bad' : event;
}

/** Of a greeting, whatever else of it this version can read; null: it is none. */
export function protocolOf({ name, data }: StreamMessage): number | null {
  if (name !== 'hello') return null;
  try {
    const { protocol } = JSON.parse(data) as { protocol?: unknown };
    return typeof protocol === 'number' ? protocol : null;
  } catch {
    return null;
  }
}

function isColumns(event: StreamEvent): event is Extract<StreamEvent, { name: 'recent' | 'backfill' }> {
  return event.name === 'recent' || event.name === 'backfill';
}

function fits({ times, series }: { times: number[]; series: Record<string, unknown[]> }): boolean {
  const columns = Object.values(series);
  return (
    times.length <= MAX_ROWS &&
    columns.length <= MAX_COLUMNS &&
    columns.every(({ length }) => length === times.length) &&
    times.every((time, row) => row === 0 || time > times[row - 1]!)
  );
}
