/** `GET /api/v1/poll`: the events of the stream in answers that end. shared/poll.ts says what they look like. */
import { MAX_POLL_BYTES, POLL_CONTENT_TYPE } from '../../shared/poll.ts';
import { RECONNECT_MS } from '../../shared/protocol.ts';
import type { Ender, EndReason } from '../access/endings.ts';
import { answer, readerOf, type Exchange } from '../http/exchange.ts';
import type { HubSettings } from '../hub-options.ts';
import type { EventBus } from '../stream/event-bus.ts';
import { sseBlock, type Frame } from '../stream/frame.ts';
import type { ShownFrames } from '../stream/shown-frames.ts';
import type { StreamCounts } from '../stream/stream-counts.ts';
import { stopping } from '../stream/stream-endpoint.ts';
import type { StreamLimits } from '../stream/stream-limits.ts';
import type { StreamOpening } from '../stream/stream-opening.ts';
import type { View } from '../stream/view.ts';
import { HeldPoll } from './held-poll.ts';
import { parsePollQuery } from './poll-query.ts';

/** Readers of a stopping hub are told to come back spread over this time, by their number. */
const SPREAD_MS_PER_POLL = 2;
/** How long their last answers may take. */
const DRAIN_MS = 1_000;

export interface PollEndpointOptions {
  bus: EventBus;
  opening: StreamOpening;
  limits: StreamLimits;
  counts: StreamCounts;
  shown: ShownFrames;
  settings: Pick<HubSettings, 'flushWindowMs'>;
}

interface Held {
  credential: string;
  /** Answers with `bye`, and resolves when that has left. */
  end: (bye: Buffer) => Promise<void>;
}

export class PollEndpoint implements AsyncDisposable, Ender {
  readonly #options: PollEndpointOptions;
  readonly #held = new Map<HeldPoll, Held>();
  #isClosing = false;

  constructor(options: PollEndpointOptions) {
    this.#options = options;
    options.bus.onFrame((frame) => {
      for (const poll of this.#held.keys()) poll.offer(frame);
    });
  }

  /** Looking for what was missed and being held happen in one turn of the event loop: no event can come between them. */
  open(exchange: Exchange): void {
    if (this.#isClosing) throw stopping();
    const { opening, limits, counts } = this.#options;
    const reader = readerOf(exchange);
    const query = parsePollQuery(exchange.query, reader.sight);
    try {
      limits.check(reader, exchange.address);
    } catch (problem) {
      counts.refused++;
      throw problem;
    }
    const start = opening.startOf(query.lastEventId, query.view);
    if (!('missed' in start)) answerBlocks(exchange, opening.anew(start.reset, query, reader));
    else if (start.missed.length > 0) this.#answerFrames(exchange, start.missed);
    else this.#hold(exchange, query.view, query.waitMs);
  }

  /** Held polls are answered with `bye`; later ones are refused. Resolves when the answers have left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const spread = this.#held.size * SPREAD_MS_PER_POLL;
    const sent = [...this.#held.values()].map(({ end }) => {
      const retryMs = Math.round(RECONNECT_MS + Math.random() * spread);
      return end(this.#own('bye', { reason: 'shutdown', retryMs }));
    });
    const deadline = Promise.withResolvers<void>();
    const timer = setTimeout(deadline.resolve, DRAIN_MS);
    await Promise.race([Promise.all(sent), deadline.promise]);
    clearTimeout(timer);
  }

  /** Held polls answer with `bye`; where the reader is to come back with another sight, it begins anew. */
  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    for (const { credential, end } of [...this.#held.values()]) {
      if (fits(credential)) void end(this.#own('bye', { reason, retryMs: 0 }, reason === 'rotate'));
    }
  }

  #hold(exchange: Exchange, view: View, waitMs: number): void {
    const { limits, counts, shown, settings } = this.#options;
    const { address } = exchange;
    const { credential, sight } = readerOf(exchange);
    const untilEndMs = (sight.endsAt ?? Infinity) - Date.now();
    const release = (): void => {
      poll.drop();
      if (!this.#held.delete(poll)) return;
      counts.openPolls--;
      limits.free(credential, address);
    };
    const poll = new HeldPoll({
      view,
      shown,
      waitMs: Math.min(waitMs, Math.max(0, untilEndMs)),
      flushWindowMs: settings.flushWindowMs,
      onReady: (frames) => {
        release();
        if (frames.length > 0) this.#answerFrames(exchange, frames);
        else if (waitMs < untilEndMs) answerBlocks(exchange, [this.#own('ping', { serverTime: Date.now() })]);
        else answerBlocks(exchange, [this.#own('bye', { reason: 'expired', retryMs: 0 })]);
      },
    });
    const end = (bye: Buffer): Promise<void> => {
      release();
      answerBlocks(exchange, [bye], closing(exchange));
      return new Promise((resolve) => exchange.response.once('close', () => resolve()));
    };
    this.#held.set(poll, { credential, end });
    counts.openPolls++;
    limits.take(credential, address);
    // Also when the client leaves: its slot is free at once.
    exchange.response.once('close', release);
  }

  /** As many as fit: the reader asks for the rest with the cursor of the last one it got. */
  #answerFrames(exchange: Exchange, frames: readonly Frame[]): void {
    const blocks: Buffer[] = [];
    let bytes = 0;
    for (const frame of frames) {
      bytes += frame.bytes.length;
      if (blocks.length > 0 && bytes > MAX_POLL_BYTES) break;
      blocks.push(frame.bytes);
      this.#options.counts.addSent(frame.name);
    }
    answerBlocks(exchange, blocks);
  }

  /** Its id is the newest cursor: the reader of a quiet view moves on with the sequence. */
  #own(name: 'ping' | 'bye', data: unknown, isPartial = false): Buffer {
    this.#options.counts.addSent(name);
    return Buffer.from(sseBlock(name, this.#options.bus.cursor(isPartial), data));
  }
}

/** The hub goes: its HTTP/1.1 connections, kept alive for the next poll, must not keep it. */
function closing({ request }: Exchange): Record<string, string> {
  return request.httpVersionMajor === 1 ? { Connection: 'close' } : {};
}

function answerBlocks(
  exchange: Exchange,
  blocks: readonly Buffer[],
  headers: Record<string, string> = {},
): void {
  answer(exchange, 200, POLL_CONTENT_TYPE, Buffer.concat(blocks), headers);
}
