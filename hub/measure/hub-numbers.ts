/** The hub's own numbers, gathered when somebody asks. */
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import type { Broadcaster } from '../stream/broadcaster.ts';
import type { EventBus } from '../stream/event-bus.ts';
import type { StreamCounts } from '../stream/stream-counts.ts';
import type { Subscriber } from '../stream/subscriber.ts';
import type { LoopDelay } from './loop-delay.ts';

/** Views listed by name; a hub may have as many as it has readers. */
const MAX_LISTED_VIEWS = 32;
const MAX_VIEW_NAME = 1024;

export interface HubParts {
  version: string;
  bus: EventBus;
  broadcaster: Broadcaster;
  counts: StreamCounts;
  loopDelay: LoopDelay;
  intake: { readonly numbers: HubNumbers['intake'] };
  archive: { readonly numbers: HubNumbers['archive'] } | null;
  history: { readonly numbers: HubNumbers['history'] } | null;
}

export function hubNumbersOf(parts: HubParts): HubNumbers {
  const { version, bus, broadcaster, counts, loopDelay, intake, archive, history } = parts;
  const now = Date.now();
  const { user, system } = process.cpuUsage();
  const compressed = Object.values(counts.compressed);
  return {
    version,
    serverTime: now,
    startedAt: Math.round(now - process.uptime() * 1000),
    process: {
      cpuSeconds: (user + system) / 1e6,
      residentBytes: process.memoryUsage.rss(),
      loopDelayP99Ms: loopDelay.quantile(0.99),
    },
    connections: { ...connectionsOf(broadcaster.subscribers), poll: counts.openPolls },
    views: viewsOf(broadcaster),
    viewCount: broadcaster.views,
    outboxes: outboxesOf(broadcaster.subscribers),
    replay: { events: bus.replay.length, bytes: bus.replay.bytes },
    streams: {
      opened: counts.opened,
      refused: counts.refused,
      resumed: counts.resumed,
      reset: counts.resets,
    },
    out: { events: sum(counts.sent.values()), bytes: counts.bytesOut, writes: counts.writes },
    encoding: { events: sum(bus.published.values()), seconds: bus.encodeMs / 1000 },
    compression: {
      bytesIn: sum(compressed.map(({ bytesIn }) => bytesIn)),
      bytesOut: sum(compressed.map(({ bytesOut }) => bytesOut)),
      seconds: sum(compressed.map(({ ms }) => ms)) / 1000,
    },
    slowReaders: { conflated: counts.conflated, skipped: counts.counted, gaps: counts.gaps },
    intake: intake.numbers,
    archive: archive?.numbers ?? null,
    history: history?.numbers ?? null,
    cuts: { ...counts.cuts },
  };
}

function connectionsOf(subscribers: Iterable<Subscriber>): { h1: number; h2: number } {
  const connections = { h1: 0, h2: 0 };
  for (const { protocol } of subscribers) connections[protocol]++;
  return connections;
}

function outboxesOf(subscribers: Iterable<Subscriber>): HubNumbers['outboxes'] {
  const outboxes = { backedUp: 0, bytes: 0, largestBytes: 0 };
  for (const { waitingBytes, isFlowing } of subscribers) {
    if (!isFlowing) outboxes.backedUp++;
    outboxes.bytes += waitingBytes;
    outboxes.largestBytes = Math.max(outboxes.largestBytes, waitingBytes);
  }
  return outboxes;
}

function viewsOf(broadcaster: Broadcaster): HubNumbers['views'] {
  return [...broadcaster.groups]
    .map((group) => ({
      view: group.view.name.slice(0, MAX_VIEW_NAME),
      readers: group.subscribers.length,
      compressed: group.compressed,
    }))
    .sort((a, b) => b.readers - a.readers)
    .slice(0, MAX_LISTED_VIEWS);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
