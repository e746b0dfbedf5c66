/** `GET /api/v1/stream`: from a request to a subscriber, in one turn of the event loop. */
import { parseCursor } from '../../shared/cursor.ts';
import { DEFAULT_INTERVAL_MS, PROTOCOL_VERSION, RECONNECT_MS } from '../../shared/protocol.ts';
import type { Hello, Reset } from '../../shared/schema/stream.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { Exchange } from '../http/exchange.ts';
import { ProblemError } from '../http/problem.ts';
import type { HubSettings } from '../hub-options.ts';
import type { Notes } from '../notes/notes.ts';
import type { Broadcaster } from './broadcaster.ts';
import type { EventBus } from './event-bus.ts';
import { sseBlock, type Frame } from './frame.ts';
import { encodeSnapshot } from './snapshot.ts';
import type { StreamCounts } from './stream-counts.ts';
import { StreamLimits } from './stream-limits.ts';
import { Subscriber } from './subscriber.ts';
import { transportOf, type Transport } from './transport.ts';
import { parseStreamQuery, viewHolds, type StreamQuery, type View } from './view.ts';

/**
 * `X-Accel-Buffering` turns nginx's buffer off, `no-transform` a proxy's compression. Caddy 2.6 does not look at that, and
 * its `encode` holds a stream back for good; a named encoding, also the one that is none, it leaves alone.
 */
const headFields = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Content-Encoding': 'identity',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Snapshots kept for readers that come at the same moment. */
const MAX_SHARED_SNAPSHOTS = 16;

export interface StreamEndpointOptions {
  bus: EventBus;
  registry: HostRegistry;
  notes: Notes;
  broadcaster: Broadcaster;
  counts: StreamCounts;
  settings: HubSettings;
}

/** Where a reader goes on: after its cursor, or anew. */
type Start = { missed: Frame[]; cursor: string } | { reset: Reset['reason'] | null };

export class StreamEndpoint {
  readonly #options: StreamEndpointOptions;
  readonly #limits: StreamLimits;
  /** Encoded at `#snapshotsAt` of the sequence, by view and recent seconds. */
  readonly #snapshots = new Map<string, Buffer[]>();
  #snapshotsAt = -1;

  constructor(options: StreamEndpointOptions) {
    this.#options = options;
    this.#limits = new StreamLimits(options.settings);
  }

  /** Throws a `ProblemError` before the first byte; nothing can fail after it. */
  open(exchange: Exchange): void {
    if (this.#options.broadcaster.isClosing) throw stopping();
    const query = parseStreamQuery(exchange.query, exchange.params['channel'] ?? null);
    const { credential } = exchange.caller!;
    const { address } = exchange;
    try {
      this.#limits.check(credential, address);
    } catch (problem) {
      this.#options.counts.refused++;
      throw problem;
    }
    const header = exchange.request.headers['last-event-id'];
    const lastEventId = typeof header === 'string' && header !== '' ? header : query.lastEventId;
    exchange.takeSocket((socket) =>
      this.#begin(transportOf(socket), query, lastEventId, credential, address),
    );
  }

  #begin(
    transport: Transport,
    query: StreamQuery,
    lastEventId: string | null,
    credential: string,
    address: string,
  ): void {
    const { bus, broadcaster, counts, settings } = this.#options;
    const subscriber = new Subscriber({
      transport,
      view: query.view,
      credential,
      address,
      epoch: bus.epoch,
      outboxBytes: settings.outboxBytes,
      counts,
      onEnd: (ended) => {
        broadcaster.leave(ended);
        this.#limits.free(credential, address);
      },
    });
    this.#limits.take(credential, address);
    // Joining and taking the snapshot or the replay happen in one turn: no event can come between them.
    broadcaster.join(subscriber);
    const head = transport.head({ Date: new Date().toUTCString(), ...headFields });
    const retry = Buffer.from(`${head}retry: ${RECONNECT_MS}\n`);
    subscriber.begin([retry, ...this.#opening(query, lastEventId)], bus.sequence);
  }

  #opening(query: StreamQuery, lastEventId: string | null): Buffer[] {
    const start = this.#startOf(lastEventId, query.view);
    return 'missed' in start
      ? this.#replay(start.missed, start.cursor, query.view)
      : this.#anew(start.reset, query);
  }

  #startOf(lastEventId: string | null, view: View): Start {
    const { bus } = this.#options;
    if (lastEventId === null || lastEventId === '') return { reset: null };
    const cursor = parseCursor(lastEventId);
    if (!cursor) return { reset: 'malformed' };
    if (cursor.epoch !== bus.epoch) return { reset: 'epoch' };
    if (cursor.partial) return { reset: 'partial' };
    if (cursor.sequence > bus.sequence) return { reset: 'future' };
    const missed = bus.replay.after(cursor.sequence, bus.sequence);
    if (!missed) return { reset: 'evicted' };
    return { missed: missed.filter((frame) => viewHolds(view, frame)), cursor: lastEventId };
  }

  #replay(missed: Frame[], cursor: string, view: View): Buffer[] {
    const { bus, counts } = this.#options;
    counts.resumed++;
    const ready = { cursor: bus.cursor(), replayed: missed.length };
    return [
      this.#own('hello', cursor, this.#hello(view, true)),
      ...missed.map((frame) => frame.bytes),
      this.#own('ready', bus.cursor(), ready),
    ];
  }

  #anew(reason: Reset['reason'] | null, { view, recentSeconds }: StreamQuery): Buffer[] {
    const { bus, counts } = this.#options;
    const partial = bus.cursor(true);
    const parts = [this.#own('hello', partial, this.#hello(view, false))];
    if (reason !== null) {
      counts.resets++;
      parts.push(this.#own('reset', partial, { reason }));
    }
    parts.push(...this.#snapshot(view, recentSeconds));
    parts.push(this.#own('ready', bus.cursor(), { cursor: bus.cursor(), replayed: 0 }));
    return parts;
  }

  /** Readers that come at the same place of the sequence, as after a restart, share one encoding per view. */
  #snapshot(view: View, recentSeconds: number): Buffer[] {
    const { bus, registry, notes } = this.#options;
    if (this.#snapshotsAt !== bus.sequence) this.#snapshots.clear();
    this.#snapshotsAt = bus.sequence;
    const key = `${view.key}|${recentSeconds}`;
    let parts = this.#snapshots.get(key);
    if (!parts) {
      parts = encodeSnapshot({ records: registry.records, notes: notes.all }, view, recentSeconds, bus.cursor(true));
      if (this.#snapshots.size < MAX_SHARED_SNAPSHOTS) this.#snapshots.set(key, parts);
    }
    return parts;
  }

  #own(name: 'hello' | 'reset' | 'ready', cursor: string, data: unknown): Buffer {
    this.#options.counts.addSent(name);
    return Buffer.from(sseBlock(name, cursor, data));
  }

  #hello(view: View, resumed: boolean): Hello {
    const { bus, settings } = this.#options;
    return {
      protocol: PROTOCOL_VERSION,
      hubVersion: settings.version,
      epoch: bus.epoch,
      serverTime: Date.now(),
      intervalMs: DEFAULT_INTERVAL_MS,
      heartbeatMs: settings.heartbeatMs,
      role: 'owner',
      channels: [...view.channels],
      hosts: view.hosts === null ? null : [...view.hosts],
      resumed,
    };
  }
}

function stopping(): ProblemError {
  return new ProblemError(503, 'stopping', 'This hub is stopping.', {
    remedy: 'Try again in a few seconds.',
    isRetryable: true,
    headers: { 'Retry-After': '2' },
  });
}
