/** `/metrics`: the newest of every host, and the hub's own numbers. */
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { Broadcaster } from '../stream/broadcaster.ts';
import { encodings } from '../stream/compression/codec.ts';
import type { StreamCounts } from '../stream/stream-counts.ts';
import type { ExpositionFormat } from './exposition-format.ts';
import { Exposition } from './exposition.ts';
import { addHostMetrics } from './host-metrics.ts';
import { hubNumbersOf, type HubParts } from './hub-numbers.ts';

export interface MetricsParts extends HubParts {
  registry: HostRegistry;
}

export function metricsTextOf(parts: MetricsParts, format: ExpositionFormat): string {
  const out = new Exposition(format);
  const numbers = hubNumbersOf(parts);
  addHostMetrics(out, [...parts.registry.records]);
  addHubMetrics(out, parts, numbers);
  addStreamMetrics(out, parts, numbers);
  if (numbers.intake !== null) addIntakeMetrics(out, numbers.intake);
  addProcessMetrics(out, numbers);
  return out.toString();
}

function addHubMetrics(out: Exposition, { version, bus, registry }: MetricsParts, numbers: HubNumbers): void {
  const { process, encoding, replay } = numbers;
  out.add('info', 'watchline_hub_build_info', 'The running version; always 1.', [[{ version }, 1]]);
  out.gauge('watchline_hub_hosts', 'Hosts this hub knows.', registry.size);
  out.gauge('watchline_hub_replay_bytes', 'Memory of the replay ring.', replay.bytes);
  out.gauge('watchline_hub_replay_events', 'Events in the replay ring.', replay.events);
  out.gauge(
    'watchline_hub_loop_delay_seconds',
    'Lateness of the event loop, 99th percentile.',
    process.loopDelayP99Ms === null ? null : process.loopDelayP99Ms / 1000,
  );
  out.add('counter', 'watchline_hub_events_total', 'Events put on the bus.', named(bus.published));
  out.counter('watchline_hub_encode_seconds_total', 'Time spent on encoding events.', encoding.seconds);
  out.counter('watchline_hub_refused_observations_total', 'Observations refused.', registry.refused);
}

function addStreamMetrics(out: Exposition, { broadcaster, counts }: MetricsParts, numbers: HubNumbers): void {
  const { connections, views, viewCount, outboxes, streams, slowReaders } = numbers;
  out.gauge('watchline_hub_streams', 'Open streams.', broadcaster.open);
  out.add('gauge', 'watchline_hub_connections', 'Open streams and polls by protocol.', [
    [{ protocol: 'h1' }, connections.h1],
    [{ protocol: 'h2' }, connections.h2],
    [{ protocol: 'poll' }, connections.poll],
  ]);
  out.gauge('watchline_hub_views', 'Different views among the open streams.', viewCount);
  out.add(
    'gauge',
    'watchline_hub_view_streams',
    'Open streams of the most read views.',
    views.map(({ view, readers }) => [{ view }, readers] as const),
  );
  out.gauge('watchline_hub_backed_up_streams', 'Open streams whose reader is behind.', outboxes.backedUp);
  out.gauge('watchline_hub_outbox_bytes', 'Bytes that wait for readers.', outboxes.bytes);
  out.gauge(
    'watchline_hub_outbox_max_bytes',
    'Bytes that wait for the slowest reader.',
    outboxes.largestBytes,
  );
  out.add('counter', 'watchline_hub_events_sent_total', 'Events handed to readers.', named(counts.sent));
  out.counter('watchline_hub_sent_bytes_total', 'Bytes written to streams.', counts.bytesOut);
  out.counter('watchline_hub_writes_total', 'Writes to streams.', counts.writes);
  addCompressionMetrics(out, broadcaster, counts);
  out.counter('watchline_hub_streams_opened_total', 'Streams opened.', streams.opened);
  out.counter('watchline_hub_streams_refused_total', 'Streams refused by a limit.', streams.refused);
  out.counter(
    'watchline_hub_streams_resumed_total',
    'Streams that went on exactly after their cursor.',
    streams.resumed,
  );
  out.counter('watchline_hub_resets_total', 'Streams whose cursor could not be resumed.', streams.reset);
  out.counter(
    'watchline_hub_conflated_events_total',
    'Events replaced by newer ones for a slow reader.',
    slowReaders.conflated,
  );
  out.counter(
    'watchline_hub_skipped_events_total',
    'Events left out, and counted in a gap, for a slow reader.',
    slowReaders.skipped,
  );
  out.counter('watchline_hub_gaps_total', 'Gaps told to slow readers.', slowReaders.gaps);
  out.add(
    'counter',
    'watchline_hub_cuts_total',
    'Streams ended by the hub.',
    Object.entries(numbers.cuts).map(([reason, count]) => [{ reason }, count] as const),
  );
}

function addCompressionMetrics(
  out: Exposition,
  broadcaster: Broadcaster,
  { compressed }: StreamCounts,
): void {
  const readers = new Map(encodings.map((encoding) => [encoding, 0]));
  for (const { encoded } of broadcaster.subscribers) {
    if (encoded !== null) readers.set(encoded.codec.name, readers.get(encoded.codec.name)! + 1);
  }
  out.add(
    'gauge',
    'watchline_hub_compressed_streams',
    'Open streams that are compressed.',
    [...readers].map(([encoding, count]) => [{ encoding }, count] as const),
  );
  out.add(
    'counter',
    'watchline_hub_compress_seconds_total',
    'Time spent on compression.',
    encodings.map((encoding) => [{ encoding }, compressed[encoding].ms / 1000] as const),
  );
  out.add(
    'counter',
    'watchline_hub_compressed_bytes_total',
    'Blocks compressed once per view.',
    encodings.flatMap((encoding) => [
      [{ encoding, side: 'in' }, compressed[encoding].bytesIn] as const,
      [{ encoding, side: 'out' }, compressed[encoding].bytesOut] as const,
    ]),
  );
}

function addIntakeMetrics(out: Exposition, intake: NonNullable<HubNumbers['intake']>): void {
  out.gauge('watchline_hub_agents', 'Agents heard since the hub started.', intake.agents);
  out.gauge('watchline_hub_agents_heard', 'Agents heard within the last minute.', intake.agentsHeard);
  out.counter('watchline_hub_intake_batches_total', 'Batches of agents.', intake.batches);
  out.counter('watchline_hub_intake_records_total', 'Records taken from agents.', intake.records);
  out.counter('watchline_hub_intake_refused_total', 'Records of agents that were refused.', intake.refused);
  out.counter(
    'watchline_hub_intake_duplicates_total',
    'Records of agents that had come before.',
    intake.duplicates,
  );
  out.counter('watchline_hub_intake_sent_back_total', 'Batches sent back for later.', intake.sentBack);
  out.gauge('watchline_hub_intake_journal_bytes', 'What is kept of it on the disk.', intake.journalBytes);
  out.gauge(
    'watchline_hub_intake_lag_seconds',
    'From an observation to its arrival, of the agents heard within the last minute the longest.',
    intake.lagMs === null ? null : intake.lagMs / 1000,
  );
}

/** Named as every Prometheus client names them. */
function addProcessMetrics(out: Exposition, { process, startedAt }: HubNumbers): void {
  out.counter('process_cpu_seconds_total', 'CPU time of the hub.', process.cpuSeconds);
  out.gauge('process_resident_memory_bytes', 'Resident memory of the hub.', process.residentBytes);
  out.gauge(
    'process_start_time_seconds',
    'When the hub started, since the epoch.',
    Math.round(startedAt / 1000),
  );
}

function named(counts: ReadonlyMap<string, number>): (readonly [{ event: string }, number])[] {
  return [...counts].map(([event, count]) => [{ event }, count] as const);
}
