/** In the place of a stream: what a bundle holds, applied to the store in the order a snapshot has, once. */
import { shallowRef } from 'vue';
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import type { BundledEvent } from '../../../shared/bundle/bundle-record.ts';
import type { StreamEvent, StreamEventOf } from '../../../shared/events.ts';
import { MAX_RECENT_SECONDS, PROTOCOL_VERSION } from '../../../shared/protocol.ts';
import { channels } from '../../../shared/event-rules.ts';
import type { Recent } from '../../../shared/schema/stream.ts';
import { createHostHistory } from '../../app/host-history.ts';
import type { LiveStream } from '../../app/live-stream.ts';
import type { Dashboard } from '../../store/dashboard.ts';
import type { Connection, TabRole } from '../../stream/connection.ts';
import { createDecoder } from '../../stream/decode.ts';
import { createStreamMeter } from '../../stream/stream-meter.ts';

/** As many as the store holds. */
const MOST_ROWS = 960;
/** Of no hub: a cursor of it leads nowhere. */
const EPOCH = 'bundle';

export function openBundleStream(bundle: Bundle, dashboard: Dashboard): LiveStream {
  let sequence = 0;
  const apply = (event: StreamEvent) => dashboard.applyEvent(event, `${EPOCH}-${++sequence}`);
  const { head } = bundle;
  apply({
    name: 'hello',
    data: {
      protocol: PROTOCOL_VERSION,
      hubVersion: head.hubVersion,
      epoch: EPOCH,
      serverTime: head.to,
      intervalMs: 1_000,
      heartbeatMs: 15_000,
      // Reads all that is there, and changes nothing.
      role: 'operator',
      share: null,
      channels: [...channels],
      hosts: null,
      resumed: false,
    },
  });
  for (const event of bundle.events) if (event.name === 'host') apply(event);
  for (const host of bundle.history.keys()) {
    const data = recentOf(bundle, host);
    if (data !== null) apply({ name: 'recent', data });
  }
  for (const event of bundle.events) if (event.name !== 'host' && !isOfLog(event)) apply(event);
  apply({ name: 'ready', data: { cursor: `${EPOCH}-${sequence}`, replayed: 0 } });
  applyLines(bundle, dashboard);

  const connection = shallowRef<Connection>({ phase: 'live', via: 'stream' });
  const decoder = createDecoder();
  return {
    connection,
    role: shallowRef<TabRole>('own'),
    meter: createStreamMeter({ hubNow: () => dashboard.clock.now() }),
    faults: () => 0,
    history: createHostHistory({ dashboard, connection, decoder }),
    start: () => undefined,
    retryNow: () => undefined,
  };
}

function isOfLog(event: BundledEvent): event is StreamEventOf<'gap'> {
  return event.name === 'gap' && event.data.channel === 'logs';
}

/** Lines have ids of their own, by which they are found again; what is missing among them is told where it is missing. */
function applyLines({ events, lines }: Bundle, dashboard: Dashboard): void {
  const gaps = events.filter(isOfLog).sort((a, b) => a.data.to - b.data.to);
  for (const { id, line } of lines) {
    while (gaps.length > 0 && gaps[0]!.data.to <= line.time) dashboard.applyEvent(gaps.shift()!, '');
    dashboard.applyEvent({ name: 'log', data: line }, id);
  }
  for (const gap of gaps) dashboard.applyEvent(gap, '');
}

/** The newest minutes by columns: what the overview's sparklines are drawn of. */
function recentOf({ history, head }: Bundle, host: string): Recent | null {
  const { stepMs, intervalMs, columns } = history.get(host)!;
  const since = head.to - Math.min(MAX_RECENT_SECONDS * 1000, MOST_ROWS * stepMs);
  const first = Math.ceil(since / stepMs) * stepMs;
  const length = Math.max(0, Math.ceil((head.to - first) / stepMs));
  const times = Array.from({ length }, (_, row) => first + row * stepMs);
  const rows = times.map(() => false);
  const series: Recent['series'] = {};
  for (const [key, { start, mean = [] }] of columns) {
    const offset = (first - start) / stepMs;
    series[key] = times.map((_, row) => mean[offset + row] ?? null);
    series[key].forEach((value, row) => (rows[row] ||= value !== null));
  }
  if (!rows.includes(true)) return null;
  const kept = <Value>(column: readonly Value[]): Value[] => column.filter((_, row) => rows[row]);
  return {
    host,
    intervalMs: Math.max(intervalMs, stepMs),
    times: kept(times),
    series: Object.fromEntries(Object.entries(series).map(([key, column]) => [key, kept(column)])),
  };
}
