/** Takes frames from the bus to every open stream: one group per view, one flush for all, one heartbeat. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { RECONNECT_MS } from '../../shared/protocol.ts';
import type { Bye } from '../../shared/schema/stream.ts';
import type { Ender, EndReason } from '../access/endings.ts';
import type { EventBus } from './event-bus.ts';
import { sseBlock, type Frame } from './frame.ts';
import { ReaderWatch } from './reader-watch.ts';
import type { ShownFrames } from './shown-frames.ts';
import type { CutReason, StreamCounts } from './stream-counts.ts';
import type { Subscriber } from './subscriber.ts';
import { ViewGroup } from './view-group.ts';
import type { View } from './view.ts';

/** A stopping hub ends its streams over this time at most, by their number: 5,000 in two seconds. */
const MAX_DRAIN_MS = 2_000;
const DRAIN_MS_PER_STREAM = 0.4;
const DRAIN_TURN_MS = 20;
/** ... and who is behind at the end of it gets so many more turns. */
const CATCH_UP_TURNS = 10;
/** How long a stream may take to end by itself after that. */
const LAST_WORD_MS = 1_000;
/** ... and where what opened it opens nothing any more. */
const REVOKED_WORD_MS = 400;
/** Streams of a credential that was taken back are ended this many in one turn. */
const ENDS_PER_TURN = 1_000;
/** The ends of sights are looked for this long ahead: as often as `reap` is called. */
const END_AHEAD_MS = 1_000;
/** All readers are looked at this often, as a share of the heartbeat; doubtful ones each time. */
const FULL_LOOK_SHARE = 1 / 3;
/** And earlier where the kernel may by now hold this much more for one that takes nothing. */
const FULL_LOOK_BYTES = 512 * 1024;
/** Readers that take nothing are cut this many at a time, with this pause between. */
const CUTS_PER_TURN = 20;
const CUT_TURN_MS = 20;
/** A rotated reader comes back within this time. */
const MAX_ROTATE_RETRY_MS = 1_000;
/** Readers of a stopping hub are told to come back spread over this time, by their number. */
const SPREAD_MS_PER_STREAM = 2;

export interface BroadcasterOptions {
  bus: EventBus;
  counts: StreamCounts;
  shown: ShownFrames;
  flushWindowMs: number;
  heartbeatMs: number;
  outboxMs: number;
}

export class Broadcaster implements AsyncDisposable, Ender {
  readonly #bus: EventBus;
  readonly #counts: StreamCounts;
  readonly #options: BroadcasterOptions;
  readonly #groups = new Map<string, ViewGroup>();
  #open = 0;
  /** Runs while a stream is open: a hub without readers wakes for nothing. */
  #heartbeat: NodeJS.Timeout | null = null;
  #flushTimer: NodeJS.Timeout | null = null;
  #flushSoon: NodeJS.Immediate | null = null;
  #flushedAt = -Infinity;
  readonly #watch: ReaderWatch;
  #lookedAt = -Infinity;
  /** Views whose sight ends within the next moment. */
  readonly #expiring = new WeakSet<ViewGroup>();
  #isClosing = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: BroadcasterOptions) {
    this.#options = options;
    this.#bus = options.bus;
    this.#counts = options.counts;
    this.#watch = new ReaderWatch(options.heartbeatMs, (subscriber, isPrompt) => {
      this.#groups.get(subscriber.view.key)?.setPrompt(subscriber, isPrompt);
    });
    this.#bus.onFrame((frame) => this.#publish(frame));
  }

  /** Open streams. */
  get open(): number {
    return this.#open;
  }

  /** A copy: streams may end while they are gone through. */
  get subscribers(): Subscriber[] {
    return [...this.#groups.values()].flatMap((group) => group.subscribers);
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
    group.add(subscriber);
    this.#open++;
    this.#counts.opened++;
    this.#heartbeat ??= setInterval(() => this.#ping(), this.#options.heartbeatMs);
  }

  leave(subscriber: Subscriber): void {
    const group = this.#groups.get(subscriber.view.key)!;
    group.remove(subscriber);
    this.#open--;
    if (group.size === 0) this.#groups.delete(subscriber.view.key);
    if (this.#open > 0) return;
    this.#stopHeartbeat();
    this.#onEmpty?.();
  }

  /**
   * Cuts readers that are gone, or backed up and take nothing; asks old streams to come back. To be called once a second or
   * more often.
   */
  reap(now: number): void {
    this.#endExpiring();
    const subscribers = this.subscribers;
    void this.#watch.look(this.#isLookDue(now) ? subscribers : subscribers.filter(isDoubtful));
    void this.#cutStalled(
      subscribers.filter((subscriber) => subscriber.isStalled(now, this.#options.outboxMs)),
    );
    for (const subscriber of subscribers) {
      subscriber.endBurst(now);
      if (subscriber.rotateAt <= now && subscriber.isFlowing) this.#rotate(subscriber);
    }
  }

  #isLookDue(now: number): boolean {
    const groups = [...this.#groups.values()];
    const isDue =
      now - this.#lookedAt >= this.#options.heartbeatMs * FULL_LOOK_SHARE ||
      groups.some((group) => group.bytesSinceLook >= FULL_LOOK_BYTES);
    if (!isDue) return false;
    this.#lookedAt = now;
    for (const group of groups) group.bytesSinceLook = 0;
    return true;
  }

  /** In groups: each cut gives megabytes of the kernel's memory back, and the others wait for that. */
  async #cutStalled(stalled: readonly Subscriber[]): Promise<void> {
    for (const [place, subscriber] of stalled.entries()) {
      if (place > 0 && place % CUTS_PER_TURN === 0) await sleep(CUT_TURN_MS);
      if (subscriber.isStalled(performance.now(), this.#options.outboxMs)) subscriber.cut('stalled');
    }
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    void this.#end(
      this.subscribers.filter(({ credential }) => fits(credential)),
      reason,
    );
  }

  /** Per view, not per reader. By the clock of the wall, which is what an end is set by, and which may be moved. */
  #endExpiring(): void {
    const now = Date.now();
    for (const group of this.#groups.values()) {
      const { endsAt } = group.view.sight;
      if (endsAt === null || endsAt > now + END_AHEAD_MS || this.#expiring.has(group)) continue;
      this.#expiring.add(group);
      setTimeout(() => void this.#end(group.subscribers, 'expired'), Math.max(0, endsAt - now)).unref();
    }
  }

  /** In turns, so that other readers do not wait. Who does not take the last word is cut. */
  async #end(leaving: readonly Subscriber[], reason: EndReason): Promise<void> {
    this.#flush();
    // One comes back at once; a crowd does not come together.
    const spreadMs = leaving.length * SPREAD_MS_PER_STREAM;
    const baseMs = reason === 'rotate' ? 0 : RECONNECT_MS;
    for (const [place, subscriber] of leaving.entries()) {
      if (place > 0 && place % ENDS_PER_TURN === 0) await nextTurn();
      if (!subscriber.isEnding)
        this.#sayBye(subscriber, reason, baseMs + Math.random() * spreadMs, reason === 'rotate');
    }
    if (leaving.length === 0) return;
    await sleep(REVOKED_WORD_MS, undefined, { ref: false });
    for (const subscriber of leaving) subscriber.destroy();
  }

  /** Says `bye` on every stream, spread over a time that grows with their number, and ends it. Events flow meanwhile. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#stopHeartbeat();
    if (this.#open > 0) await this.#drain();
    this.#flush();
  }

  async #drain(): Promise<void> {
    const emptied = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    const spreadMs = this.#open * SPREAD_MS_PER_STREAM;
    const streams = inRandomOrder(this.subscribers);
    const turns = Math.max(
      1,
      Math.ceil(Math.min(MAX_DRAIN_MS, this.#open * DRAIN_MS_PER_STREAM) / DRAIN_TURN_MS),
    );
    const sayGoodbye = (leaving: readonly Subscriber[]): void => {
      this.#flush();
      for (const subscriber of leaving) {
        if (subscriber.isFlowing)
          this.#sayBye(subscriber, 'shutdown', RECONNECT_MS + Math.random() * spreadMs);
      }
    };
    for (let turn = 0; turn < turns; turn++) {
      if (turn > 0) await sleep(DRAIN_TURN_MS);
      sayGoodbye(streams.filter((_, place) => place % turns === turn));
    }
    // Who is behind may catch up for a moment, and then is cut: most are in the middle of their opening.
    const isBehind = (subscriber: Subscriber) => !subscriber.isFlowing && !subscriber.isEnding;
    for (let turn = 0; turn < CATCH_UP_TURNS; turn++) {
      const behind = [...this.subscribers].filter((subscriber) => isBehind(subscriber) && !subscriber.isHeld);
      if (behind.length === 0) break;
      await sleep(DRAIN_TURN_MS);
      sayGoodbye(behind);
    }
    const deadline = setTimeout(() => {
      for (const subscriber of this.subscribers) subscriber.destroy();
    }, LAST_WORD_MS);
    for (const subscriber of this.subscribers) {
      if (isBehind(subscriber)) subscriber.cut('shutdown');
    }
    await emptied;
    clearTimeout(deadline);
  }

  /** What is pending leaves first: the cursor of `bye` is past it. */
  #rotate(subscriber: Subscriber): void {
    this.#flush();
    if (subscriber.isFlowing) this.#sayBye(subscriber, 'rotate', Math.random() * MAX_ROTATE_RETRY_MS);
  }

  #publish(frame: Frame): void {
    let isWaiting = false;
    for (const group of this.#groups.values()) isWaiting = group.offer(frame) || isWaiting;
    if (isWaiting) this.#scheduleFlush();
  }

  /** The first event after a quiet window leaves with all of its turn of the event loop, later ones wait the window out. */
  #scheduleFlush(): void {
    if (this.#flushSoon !== null || this.#flushTimer !== null) return;
    const wait = this.#flushedAt + this.#options.flushWindowMs - performance.now();
    if (wait <= 0) this.#flushSoon = setImmediate(() => this.#flush());
    // Node cuts fractions off: rounded up, the window is never shorter than it is called.
    else this.#flushTimer = setTimeout(() => this.#flush(), Math.ceil(wait));
  }

  #flush(): void {
    if (this.#flushSoon !== null) clearImmediate(this.#flushSoon);
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushSoon = null;
    this.#flushTimer = null;
    this.#flushedAt = performance.now();
    for (const group of this.#groups.values()) group.flushPrompt();
    for (const group of this.#groups.values()) group.flushOthers();
  }

  /** Its id is the newest cursor: a quiet view's reader moves on with the sequence and can resume for long. */
  #ping(): void {
    this.#flush();
    const block = Buffer.from(sseBlock('ping', this.#bus.cursor(), { serverTime: Date.now() }));
    for (const group of this.#groups.values()) {
      this.#counts.addSent('ping', group.subscribers.filter(({ isFlowing }) => isFlowing).length);
      group.send(block, this.#bus.sequence);
    }
  }

  #stopHeartbeat(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  /** `isAnew`: what the reader has is of no use any more, so that it begins with a snapshot. */
  #sayBye(subscriber: Subscriber, reason: Bye['reason'] & CutReason, delayMs: number, isAnew = false): void {
    const retryMs = Math.round(delayMs);
    const bye = sseBlock('bye', this.#bus.cursor(isAnew), { reason, retryMs });
    subscriber.end(Buffer.from(`retry: ${retryMs}\n${bye}`), reason);
  }

  #groupOf(view: View): ViewGroup {
    let group = this.#groups.get(view.key);
    if (!group) this.#groups.set(view.key, (group = new ViewGroup(view, this.#counts, this.#options.shown)));
    return group;
  }
}

/** Behind, or not known to take what it is given. */
function isDoubtful({ isEnding, isFlowing, isPrompt }: Subscriber): boolean {
  return !isEnding && !(isFlowing && isPrompt);
}

function inRandomOrder<Item>(items: Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
