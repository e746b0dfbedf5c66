/**
 * The uplink: takes observations like a hub in the same process would, and hands them over to one that is elsewhere. What
 * is observed goes to the spool first, and from there in two lanes: what is new at once, and beside it, oldest first, what
 * was kept while there was no way.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { WatchlineError } from '../../shared/errors.ts';
import type { Observation } from '../../shared/events.ts';
import type { ObservationSink, ObservedHost } from '../../shared/observer.ts';
import type { BatchAnswer, BatchHead } from '../../shared/schema/uplink.ts';
import type { Spool } from '../spool/spool.ts';
import { BatchReturns } from './batch-returns.ts';
import { BatchSender, type BatchSenderOptions } from './batch-sender.ts';
import { KeptLane } from './kept-lane.ts';
import { LaterOnce } from './later-once.ts';
import { TryAgain } from './try-again.ts';
import type { UplinkNews } from './uplink-news.ts';

export interface UplinkOptions extends BatchSenderOptions {
  spool: Spool;
  report: (news: UplinkNews) => void;
  /** Called when the owner pauses this host, and when the pause ends: nothing is to be observed in between. */
  onPause: (isPaused: boolean) => void;
  /** Called before each live batch: observations that are at hand join it. Never rejects. Default: nothing. */
  beforeLive?: () => Promise<void>;
  /** The first batch waits up to this long, by chance: a fleet that starts together spreads. Default 0. */
  spreadMs?: number;
  /** Between two live batches, and what a log line waits for company. Default 1,000. */
  windowMs?: number;
  /** From 0 to 1. Default `Math.random`. */
  random?: () => number;
}

export interface Uplink extends ObservationSink, AsyncDisposable {
  /** Sends what there is and says why it ends. `asleep`: for a moment nothing more is sent; it goes on by itself. */
  leave(why: NonNullable<BatchHead['leaving']>): Promise<void>;
}

const WINDOW_MS = 1_000;
/**
 * A sample goes out this long after it was observed, with the process table that follows it. Every machine observes on the full
 * second, so each run has its own moment within these.
 */
const PHASE_MS = { least: 30, most: 280 };
/** With nothing to tell an empty batch says that the agent is there, and hears of a pause's end. */
const HEARTBEAT_MS = 15_000;
/** How long a live batch waits for what is at hand. */
const BEFORE_LIVE_MS = 50;
/** The last batch is not worth a longer wait. */
const LEAVE_TIMEOUT_MS = 3_000;
/** Of running time. What is observed until the machine sleeps goes out when it wakes. */
const ASLEEP_SOON_MS = 10_000;

export function createUplink(options: UplinkOptions): Uplink {
  return new SpooledUplink(options);
}

class SpooledUplink implements Uplink {
  readonly #options: UplinkOptions;
  readonly #sender: BatchSender;
  readonly #returns: BatchReturns;
  readonly #retry: TryAgain;
  readonly #kept: KeptLane;
  readonly #sendLater = new LaterOnce(() => void this.#send());
  readonly #phaseMs: number;
  readonly #windowMs: number;
  #host: ObservedHost | null = null;
  #underWay: Promise<void> | null = null;
  #cameMeanwhile = false;
  #sentAt = -Infinity;
  #isConnected = false;
  #isPaused = false;
  #isStopped = false;

  constructor(options: UplinkOptions) {
    const { spool, report, random = Math.random, spreadMs = 0, windowMs = WINDOW_MS } = options;
    this.#options = options;
    this.#sender = new BatchSender(options);
    this.#returns = new BatchReturns(spool, report);
    this.#retry = new TryAgain(random);
    this.#kept = new KeptLane({ spool, sender: this.#sender, returns: this.#returns, random });
    this.#phaseMs = PHASE_MS.least + random() * (PHASE_MS.most - PHASE_MS.least);
    this.#windowMs = windowMs;
    this.#retry.waitAtLeast(random() * spreadMs);
    this.#sendLater.within(windowMs + this.#retry.waitMs);
  }

  describe(host: ObservedHost): void {
    this.#host = host;
    this.#append('describe', host);
  }

  observe({ name, data }: Observation): void {
    if (!this.#isPaused) this.#append(name, data);
  }

  room(): Promise<void> | null {
    return this.#options.spool.room();
  }

  async leave(why: NonNullable<BatchHead['leaving']>): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#sendLater.cancel();
    const underWay = Promise.all([this.#underWay, this.#kept.stop()]);
    await Promise.race([underWay, pause(LEAVE_TIMEOUT_MS, undefined, { ref: false })]);
    // Without a way there is nothing to wait for: the spool has it all.
    if (this.#isConnected && this.#retry.waitMs === 0) await this.#sendBatch(why);
    if (why === 'stopped') return;
    this.#isStopped = false;
    this.#retry.waitAtLeast(ASLEEP_SOON_MS);
    this.#sendLater.within(ASLEEP_SOON_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave('stopped');
  }

  #append(name: Observation['name'] | 'describe', data: unknown): void {
    this.#options.spool.append(name, data);
    if (!this.#isStopped) this.#sendLater.within(name === 'sample' ? this.#phaseMs : this.#windowMs);
  }

  async #send(): Promise<void> {
    if (this.#isStopped) return;
    if (this.#underWay !== null) {
      this.#cameMeanwhile = true;
      return;
    }
    const { waitMs, trouble } = this.#retry;
    if (waitMs > 0) {
      if (trouble !== null) this.#keepFresh();
      this.#sendLater.within(waitMs);
      return;
    }
    const earlyMs = this.#sentAt + this.#windowMs / 2 - performance.now();
    if (earlyMs > 0) {
      this.#sendLater.within(earlyMs);
      return;
    }
    this.#sentAt = performance.now();
    this.#cameMeanwhile = false;
    this.#underWay = this.#sendBatch();
    await this.#underWay;
    this.#underWay = null;
    if (this.#isStopped) return;
    // What came while this one was under way found nobody to send it.
    const nextMs = this.#cameMeanwhile ? this.#windowMs / 2 : HEARTBEAT_MS;
    this.#sendLater.within(this.#retry.waitMs || nextMs);
  }

  /** Never rejects: what was not taken is kept. */
  async #sendBatch(leaving?: NonNullable<BatchHead['leaving']>): Promise<void> {
    const { spool, beforeLive } = this.#options;
    // A burst of lines may take its time: the sample does not wait for it.
    if (beforeLive) await Promise.race([beforeLive(), pause(BEFORE_LIVE_MS, undefined, { ref: false })]);
    await spool.flush();
    const batch = spool.takeFresh(this.#returns.limits);
    try {
      const answer = await this.#sender.send({
        kind: 'live',
        lines: batch?.lines ?? [],
        waiting: spool.waiting(batch ?? undefined),
        ...(leaving !== undefined && { leaving, timeoutMs: LEAVE_TIMEOUT_MS }),
      });
      this.#returns.taken(batch, answer);
      this.#heardFrom(answer);
    } catch (error) {
      const trouble = this.#returns.notTaken(batch, error);
      if (trouble !== null) this.#failed(trouble);
    }
    if (!this.#isStopped && this.#retry.trouble === null) this.#kept.goOn();
  }

  #heardFrom(answer: BatchAnswer): void {
    const { connection, spool, report } = this.#options;
    const hadTrouble = this.#retry.succeeded();
    if (hadTrouble || !this.#isConnected) {
      this.#isConnected = true;
      report({ kind: 'connected', protocol: connection.protocol ?? '', waiting: spool.waiting().records });
    }
    if (answer.paused !== this.#isPaused) this.#setPaused(answer.paused);
    if (answer.describe && this.#host !== null) this.#append('describe', this.#host);
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#options.report({ kind: isPaused ? 'paused' : 'resumed' });
    this.#options.onPause(isPaused);
  }

  #failed(trouble: WatchlineError): void {
    const isNew = this.#retry.failed(trouble);
    if (isNew) this.#options.report({ kind: 'trouble', trouble, tryAgainMs: this.#retry.waitMs });
  }

  /** So that the first batch after the trouble is of that moment. */
  #keepFresh(): void {
    const { spool } = this.#options;
    const batch = spool.takeFresh(this.#returns.limits);
    if (batch !== null) spool.giveBack(batch);
  }
}
