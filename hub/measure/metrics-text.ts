/** `/metrics`: the newest of every host, and the hub's own numbers. */
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { Broadcaster } from '../stream/broadcaster.ts';
import type { EventBus } from '../stream/event-bus.ts';
import type { StreamCounts } from '../stream/stream-counts.ts';
import { Exposition } from './exposition.ts';
import { addHostMetrics } from './host-metrics.ts';
import type { LoopDelay } from './loop-delay.ts';

export interface MetricsParts {
  version: string;
  bus: EventBus;
  registry: HostRegistry;
  broadcaster: Broadcaster;
  counts: StreamCounts;
  loopDelay: LoopDelay;
}

export function metricsTextOf(parts: MetricsParts): string {
  const out = new Exposition();
  addHostMetrics(out, [...parts.registry.records]);
  addHubMetrics(out, parts);
  addProcessMetrics(out);
  return out.toString();
}

function addHubMetrics(
  out: Exposition,
  { version, bus, registry, broadcaster, counts, loopDelay }: MetricsParts,
): void {
  const waiting = [...broadcaster.subscribers].map((subscriber) => subscriber.waitingBytes);
  const inMilliseconds = loopDelay.quantile(0.99);
  out.add('gauge', 'watchline_hub_build_info', 'The running version; always 1.', [[{ version }, 1]]);
  out.gauge('watchline_hub_hosts', 'Hosts this hub knows.', registry.size);
  out.gauge('watchline_hub_streams', 'Open streams.', broadcaster.subscribers.size);
  out.gauge('watchline_hub_views', 'Different views among the open streams.', broadcaster.views);
  out.gauge(
    'watchline_hub_backed_up_streams',
    'Open streams whose reader is behind.',
    waiting.filter((bytes) => bytes > 0).length,
  );
  out.gauge('watchline_hub_outbox_bytes', 'Bytes that wait for readers.', sum(waiting));
  out.gauge(
    'watchline_hub_outbox_max_bytes',
    'Bytes that wait for the slowest reader.',
    Math.max(0, ...waiting),
  );
  out.gauge('watchline_hub_replay_bytes', 'Memory of the replay ring.', bus.replay.bytes);
  out.gauge('watchline_hub_replay_events', 'Events in the replay ring.', bus.replay.length);
  out.gauge(
    'watchline_hub_loop_delay_seconds',
    'Lateness of the event loop, 99th percentile.',
    inMilliseconds === null ? null : inMilliseconds / 1000,
  );
  out.add('counter', 'watchline_hub_events_total', 'Events put on the bus.', named(bus.published));
  out.add('counter', 'watchline_hub_events_sent_total', 'Events handed to readers.', named(counts.sent));
  out.counter('watchline_hub_sent_bytes_total', 'Bytes written to streams.', counts.bytesOut);
  out.counter('watchline_hub_writes_total', 'Writes to streams.', counts.writes);
  out.counter('watchline_hub_streams_opened_total', 'Streams opened.', counts.opened);
  out.counter('watchline_hub_streams_refused_total', 'Streams refused by a limit.', counts.refused);
  out.counter(
    'watchline_hub_streams_resumed_total',
    'Streams that went on exactly after their cursor.',
    counts.resumed,
  );
  out.counter('watchline_hub_resets_total', 'Streams whose cursor could not be resumed.', counts.resets);
  out.counter(
    'watchline_hub_conflated_events_total',
    'Events replaced by newer ones for a slow reader.',
    counts.conflated,
  );
  out.counter(
    'watchline_hub_skipped_events_total',
    'Events left out, and counted in a gap, for a slow reader.',
    counts.counted,
  );
  out.counter('watchline_hub_gaps_total', 'Gaps told to slow readers.', counts.gaps);
  out.counter('watchline_hub_refused_observations_total', 'Observations refused.', registry.refused);
  out.add(
    'counter',
    'watchline_hub_cuts_total',
    'Streams ended by the hub.',
    Object.entries(counts.cuts).map(([reason, count]) => [{ reason }, count] as const),
  );
}

/** Named as every Prometheus client names them. */
function addProcessMetrics(out: Exposition): void {
  const { user, system } = process.cpuUsage();
  out.counter('process_cpu_seconds_total', 'CPU time of the hub.', (user + system) / 1e6);
  out.gauge('process_resident_memory_bytes', 'Resident memory of the hub.', process.memoryUsage.rss());
  out.gauge(
    'process_start_time_seconds',
    'When the hub started, since the epoch.',
    Math.round(Date.now() / 1000 - process.uptime()),
  );
}

function named(counts: ReadonlyMap<string, number>): (readonly [{ event: string }, number])[] {
  return [...counts].map(([event, count]) => [{ event }, count] as const);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
