/** Takes frames from the bus to every open stream: one group per view, one flush for all, one heartbeat. */
import { formatCursor } from '../../shared/cursor.ts';
import { RECONNECT_MS } from '../../shared/protocol.ts';
import type { EventBus } from './event-bus.ts';
import { sseBlock, type Frame } from './frame.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { Subscriber } from './subscriber.ts';
import { ViewGroup } from './view-group.ts';
import type { View } from './view.ts';

/** How long a stream may take to end by itself when the hub stops. */
const DRAIN_MS = 2_000;
/** Readers of a stopping hub are told to come back spread over this time, by their number. */
const SPREAD_MS_PER_STREAM = 2;

export interface BroadcasterOptions {
  bus: EventBus;
  counts: StreamCounts;
  flushWindowMs: number;
  heartbeatMs: number;
  outboxMs: number;
}

export class Broadcaster implements AsyncDisposable {
  readonly #bus: EventBus;
  readonly #counts: StreamCounts;
  readonly #options: BroadcasterOptions;
  readonly #groups = new Map<string, ViewGroup>();
  readonly #subscribers = new Set<Subscriber>();
  /** Runs while a stream is open: a hub without readers wakes for nothing. */
  #heartbeat: NodeJS.Timeout | null = null;
  #flushTimer: NodeJS.Timeout | null = null;
  #flushSoon: NodeJS.Immediate | null = null;
  #flushedAt = -Infinity;
  #isClosing = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: BroadcasterOptions) {
    this.#options = options;
    this.#bus = options.bus;
    this.#counts = options.counts;
    this.#bus.onFrame((frame) => this.#publish(frame));
  }

  get subscribers(): ReadonlySet<Subscriber> {
    return this.#subscribers;
  }

  get groups(): Iterable<ViewGroup> {
    return this.#groups.values();
  }

  get views(): number {
    return this.#groups.size;
  }

  /** True once streams are being ended: none may begin any more. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /**
   * From now on the subscriber gets every later event of its view. What is pending is flushed first, so
   * that nothing older than its snapshot or replay follows it.
   */
  join(subscriber: Subscriber): void {
    const group = this.#groupOf(subscriber.view);
    group.flush();
    group.subscribers.add(subscriber);
    this.#subscribers.add(subscriber);
    this.#counts.opened++;
    this.#heartbeat ??= setInterval(() => this.#ping(), this.#options.heartbeatMs);
  }

  leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    const group = this.#groups.get(subscriber.view.key);
    group?.subscribers.delete(subscriber);
    if (group?.subscribers.size === 0) this.#groups.delete(subscriber.view.key);
    if (this.#subscribers.size > 0) return;
    this.#stopHeartbeat();
    this.#onEmpty?.();
  }

  /** Cuts readers that are backed up and take nothing. */
  reap(now: number): void {
    for (const subscriber of this.#subscribers) {
      if (subscriber.isStalled(now, this.#options.outboxMs)) subscriber.cut('stalled');
    }
  }

  /** Sends what is pending, says `bye` on every stream, and ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#stopHeartbeat();
    this.#flush();
    this.#sayBye();
    if (this.#subscribers.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    const deadline = setTimeout(() => {
      for (const subscriber of this.#subscribers) subscriber.destroy();
    }, DRAIN_MS);
    await promise;
    clearTimeout(deadline);
  }

  #publish(frame: Frame): void {
    let isWaiting = false;
    for (const group of this.#groups.values()) isWaiting = group.offer(frame) || isWaiting;
    if (isWaiting) this.#scheduleFlush();
  }

  /** The first event after a quiet window leaves with all of its turn of the event loop, later ones wait the window out. */
  #scheduleFlush(): void {
    if (this.#options.flushWindowMs === 0) return this.#flush();
    if (this.#flushSoon !== null || this.#flushTimer !== null) return;
    const wait = this.#flushedAt + this.#options.flushWindowMs - performance.now();
    if (wait <= 0) this.#flushSoon = setImmediate(() => this.#flush());
    else this.#flushTimer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    if (this.#flushSoon !== null) clearImmediate(this.#flushSoon);
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushSoon = null;
    this.#flushTimer = null;
    this.#flushedAt = performance.now();
    for (const group of this.#groups.values()) group.flush();
  }

  /** Its id is the newest cursor: a quiet view's reader moves on with the sequence and can resume for long. */
  #ping(): void {
    this.#flush();
    const sequence = this.#bus.sequence;
    const block = Buffer.from(sseBlock('ping', this.#bus.cursor(), { serverTime: Date.now() }));
    for (const subscriber of this.#subscribers) {
      if (!subscriber.isFlowing) continue;
      subscriber.writeBlock(block, sequence);
      this.#counts.addSent('ping');
    }
  }

  #stopHeartbeat(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  #sayBye(): void {
    const spread = this.#subscribers.size * SPREAD_MS_PER_STREAM;
    const cursor = formatCursor(this.#bus.epoch, this.#bus.sequence);
    for (const subscriber of this.#subscribers) {
      const retryMs = Math.round(RECONNECT_MS + Math.random() * spread);
      const bye = sseBlock('bye', cursor, { reason: 'shutdown', retryMs });
      subscriber.end(Buffer.from(`retry: ${retryMs}\n${bye}`), 'shutdown');
      this.#counts.addSent('bye');
    }
  }

  #groupOf(view: View): ViewGroup {
    let group = this.#groups.get(view.key);
    if (!group) this.#groups.set(view.key, (group = new ViewGroup(view, this.#counts)));
    return group;
  }
}
