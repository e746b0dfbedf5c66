/** `GET /api/v1/stream`: from a request to a subscriber, in one turn of the event loop. */
import { RECONNECT_MS } from '../../shared/protocol.ts';
import { readerOf, type Exchange } from '../http/exchange.ts';
import { ProblemError } from '../http/problem.ts';
import type { Reader } from '../access/caller.ts';
import type { HubSettings } from '../hub-options.ts';
import { codecFor } from './accept-encoding.ts';
import type { Broadcaster } from './broadcaster.ts';
import { EncodedStream } from './compression/encoded-stream.ts';
import { OpeningEncoder } from './compression/opening-encoder.ts';
import type { EventBus } from './event-bus.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { StreamOpening } from './stream-opening.ts';
import { Subscriber, type StreamBounds } from './subscriber.ts';
import { transportOf, type Transport } from './transport.ts';
import { parseStreamQuery, type StreamQuery } from './view.ts';

/**
 * `X-Accel-Buffering` turns nginx's buffer off, `no-transform` a proxy's compression. Caddy 2.6 does not look at that, and
 * its `encode` holds a stream back for good; a named encoding, also the one that is none, it leaves alone.
 */
const headFields = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Streams are rotated after the option's time, give or take this share of it, so that they do not come back together. */
const ROTATE_JITTER = 0.2;

const retryLine = `retry: ${RECONNECT_MS}\n`;

export interface StreamEndpointOptions {
  bus: EventBus;
  opening: StreamOpening;
  limits: StreamLimits;
  broadcaster: Broadcaster;
  counts: StreamCounts;
  settings: HubSettings;
}

export class StreamEndpoint {
  readonly #options: StreamEndpointOptions;
  readonly #bounds: StreamBounds;
  readonly #openings: OpeningEncoder;

  constructor(options: StreamEndpointOptions) {
    this.#options = options;
    this.#openings = new OpeningEncoder(options.counts);
    this.#bounds = {
      epoch: options.bus.epoch,
      outboxBytes: options.settings.outboxBytes,
      counts: options.counts,
      onEnd: (ended) => {
        options.broadcaster.leave(ended);
        options.limits.free(ended.credential, ended.address);
      },
    };
  }

  /** Throws a `ProblemError` before the first byte; nothing can fail after it. */
  open(exchange: Exchange): void {
    if (this.#options.broadcaster.isClosing) throw stopping();
    const reader = readerOf(exchange);
    const query = parseStreamQuery(exchange.query, exchange.params['channel'] ?? null, reader.sight);
    try {
      this.#options.limits.check(reader, exchange.address);
    } catch (problem) {
      this.#options.counts.refused++;
      throw problem;
    }
    const header = exchange.request.headers['last-event-id'];
    const lastEventId = typeof header === 'string' && header !== '' ? header : query.lastEventId;
    exchange.takeSocket((stream) => this.#begin(transportOf(stream), query, lastEventId, exchange));
  }

  #begin(transport: Transport, query: StreamQuery, lastEventId: string | null, exchange: Exchange): void {
    const { bus, broadcaster, limits, counts, settings } = this.#options;
    const { address, headers, request } = exchange;
    const reader = readerOf(exchange);
    const { credential } = reader;
    const codec = codecFor(settings.compression, request.headers, address);
    const encoded = codec === null ? null : new EncodedStream(codec, counts);
    const subscriber = new Subscriber({
      transport,
      view: query.view,
      credential,
      address,
      encoded,
      bounds: this.#bounds,
    });
    if (settings.rotateMs > 0) subscriber.rotateAt = performance.now() + jittered(settings.rotateMs);
    limits.take(credential, address);
    // Joining and taking the snapshot or the replay happen in one turn: no event can come between them.
    broadcaster.join(subscriber);
    const fields = {
      Date: new Date().toUTCString(),
      ...headFields,
      'Content-Encoding': codec === null ? 'identity' : codec.name,
      ...headers,
      Vary: ['Accept-Encoding', headers['Vary']].filter(Boolean).join(', '),
    };
    const head = Buffer.from(transport.head(fields));
    const opening = [Buffer.from(retryLine), ...this.#openingOf(query, lastEventId, reader)];
    subscriber.begin(
      [head, ...(encoded === null ? opening : this.#openings.encode(opening, encoded))],
      bus.sequence,
    );
  }

  #openingOf(query: StreamQuery, lastEventId: string | null, reader: Reader): Buffer[] {
    const { opening } = this.#options;
    const start = opening.startOf(lastEventId, query.view);
    return 'missed' in start
      ? opening.replay(start.missed, start.cursor, query.view, reader)
      : opening.anew(start.reset, query, reader);
  }
}

function jittered(ms: number): number {
  return ms * (1 - ROTATE_JITTER + Math.random() * 2 * ROTATE_JITTER);
}

export function stopping(): ProblemError {
  return new ProblemError(503, 'stopping', 'This hub is stopping.', {
    remedy: 'Try again in a few seconds.',
    isRetryable: true,
    headers: { 'Retry-After': '2' },
  });
}
