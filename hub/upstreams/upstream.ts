/** One upstream: another hub, read for as long as it is wanted, and how that goes. */
import { setTimeout as delay } from 'node:timers/promises';
import { UntrustedError } from '../../link/tls/untrusted-error.ts';
import type { Trust } from '../../link/tls/trust.ts';
import { parseCursor } from '../../shared/cursor.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { MAX_RECENT_SECONDS, PROTOCOL_VERSION } from '../../shared/protocol.ts';
import type { UpstreamEntry } from '../../shared/schema/servers.ts';
import type { Bye, Hello } from '../../shared/schema/stream.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { SealedSecretError, type Keyring } from '../access/keyring.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import { AnswerError } from './answer-problem.ts';
import { Backoff } from './backoff.ts';
import { decodeEvent, protocolOf } from './decode-event.ts';
import { openStream } from './open-stream.ts';
import type { ReadingFile } from './reading-file.ts';
import { RefusedTargetError } from './refused-target-error.ts';
import { streamMessages, type StreamMessage } from './stream-messages.ts';
import type { TakenHosts } from './taken-hosts.ts';
import { Takeover, type Phase } from './takeover.ts';
import type { TargetGuard } from './target-guard.ts';
import type { KeptUpstream } from './upstream-file.ts';
import { streamUrlOf } from './upstream-url.ts';

export interface UpstreamOptions {
  kept: KeptUpstream;
  reading: ReadingFile;
  hosts: TakenHosts;
  registry: HostRegistry;
  /** Opens the token each time it is sent: in memory it stays as it was kept. */
  keyring: Keyring;
  guard: TargetGuard;
  /** Without an event for this long the stream is opened anew. */
  silenceMs: number;
  /** First wait after a failure, and the wait after a refusal. */
  retryMs: number;
  refusedRetryMs: number;
  /** Why a hub of this epoch is not to be read, one sentence; null: it may be. */
  refusalOf: (epoch: string) => string | null;
}

/** That hub is not one this version can read. */
class IncompatibleError extends WatchlineError {}

/** It said that it ends the stream on purpose. */
class ByeError extends Error {
  readonly bye: Bye;

  constructor(bye: Bye) {
    super(byeWords[bye.reason]);
    this.bye = bye;
  }
}

const byeWords: Record<Bye['reason'], string> = {
  shutdown: 'that hub is stopping',
  rotate: 'that hub asked to come back',
  overflow: 'this hub could not take its events fast enough',
  revoked: 'the token was revoked',
  expired: 'the token has expired',
};

export class Upstream implements AsyncDisposable {
  readonly #options: UpstreamOptions;
  readonly #takeover: Takeover;
  readonly #backoff: Backoff;
  #state: UpstreamEntry['state'] = 'connecting';
  #reason: string | null = null;
  #since = Date.now();
  #hubVersion: string | null = null;
  #epoch: string | null = null;
  /** A stream is open whose hub was not refused. */
  #isGreeted = false;
  /** False until this process holds a snapshot of that hub: a replay alone tells of no host that is quiet. */
  #hasPresent = false;
  #skipped = 0;
  #stop: AbortController | null = null;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#takeover = new Takeover(options.registry, options.hosts);
    this.#backoff = new Backoff(options.retryMs);
    if (options.kept.paused) this.#turn('paused', null);
    else this.start();
  }

  get entry(): UpstreamEntry {
    const { id, origin, pin } = this.#options.kept;
    return {
      id,
      origin,
      state: this.#state,
      reason: this.#reason,
      since: this.#since,
      hubVersion: this.#hubVersion,
      pin,
      hosts: this.#options.hosts.ids,
      lagMs: this.#takeover.lagMs,
      skipped: this.#skipped,
    };
  }

  /** Of the hub that is being read, from its greeting on: two that start together must not both go on. Null: none is. */
  get liveEpoch(): string | null {
    return this.#isGreeted || this.#state === 'live' ? this.#epoch : null;
  }

  start(): void {
    if (this.#stop !== null) return;
    this.#stop = new AbortController();
    this.#turn('connecting', null);
    this.#reading = this.#readOnAndOn(this.#stop.signal);
  }

  async pause(): Promise<void> {
    await this.#end();
    this.#turn('paused', null);
    this.#options.hosts.lose('This hub has paused reading the one it comes from.');
  }

  /** It was removed: its hosts go with it. */
  async remove(): Promise<void> {
    await this.#end();
    this.#options.hosts.forgetAll();
    await this.#options.reading.erase();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    await this.#options.reading[Symbol.asyncDispose]();
  }

  async #end(): Promise<void> {
    this.#stop?.abort();
    this.#stop = null;
    await this.#reading;
  }

  async #readOnAndOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let waitMs: number;
      try {
        await this.#readPresent(signal);
        await this.#read(signal, 'live');
        throw new Error('that hub closed the stream');
      } catch (error) {
        if (signal.aborted) return;
        waitMs = this.#explain(error as Error);
      }
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A process that goes on at a kept cursor needs what the replay does not hold: it looks once at all but the logs. */
  async #readPresent(signal: AbortSignal): Promise<void> {
    if (this.#hasPresent || this.#options.reading.cursor === null) return;
    await this.#read(signal, 'glance');
  }

  async #read(signal: AbortSignal, until: 'glance' | 'live'): Promise<void> {
    const { kept, keyring, guard, reading, silenceMs } = this.#options;
    const isGlance = until === 'glance';
    const channels = isGlance ? 'metrics,processes,state' : null;
    const stream = await openStream({
      url: streamUrlOf(new URL(kept.origin), MAX_RECENT_SECONDS, channels),
      token: kept.token && keyring.open(kept.token),
      cursor: isGlance ? null : reading.cursor,
      trust: trustOf(kept),
      guard,
      signal,
    });
    // The wait before the next try is this hub's own; what the other one wishes is in its `bye`.
    const messages = streamMessages(stream, { silenceMs, onRetry: () => undefined });
    try {
      for await (const message of messages) {
        if (!this.#isGreeted) this.#greet(message, isGlance);
        else if (this.#take(message, isGlance)) return;
        this.#isGreeted = true;
      }
    } catch (error) {
      // What an aborted signal does to a stream is no trouble of the stream's.
      signal.throwIfAborted();
      throw error;
    } finally {
      this.#isGreeted = false;
      this.#takeover.end();
    }
  }

  #greet(message: StreamMessage, isGlance: boolean): void {
    const { kept, refusalOf } = this.#options;
    const protocol = protocolOf(message);
    if (protocol !== null && protocol !== PROTOCOL_VERSION) throw incompatible(kept.origin, protocol);
    const hello = decodeEvent(message);
    if (typeof hello === 'string' || hello.name !== 'hello') {
      throw new RefusedTargetError(
        'not-a-stream',
        `${kept.origin} sends events, but does not greet as a Watchline hub does.`,
        'Check the address.',
      );
    }
    const refusal = refusalOf(hello.data.epoch);
    if (refusal !== null) throw new RefusedTargetError('bad-upstream-url', refusal, 'Remove it here.');
    this.#epoch = hello.data.epoch;
    this.#hubVersion = visibleText(hello.data.hubVersion);
    this.#takeover.begin(hello.data, phaseOf(hello.data, isGlance));
  }

  /** True: a glance has seen all. */
  #take(message: StreamMessage, isGlance: boolean): boolean {
    const event = decodeEvent(message);
    if (event === 'bad') this.#skipped++;
    if (typeof event === 'string') return false;
    this.#takeover.take(event);
    if (event.name === 'bye') throw new ByeError(event.data);
    if (event.name === 'ready') {
      this.#hasPresent = true;
      if (isGlance) return true;
      this.#backoff.reset();
      this.#turn('live', null);
    }
    if (!isGlance) this.#keepCursor(message.id);
    return false;
  }

  /** Inside of a snapshot there is no place to go on from. */
  #keepCursor(id: string | null): void {
    if (id === null || parseCursor(id)?.partial !== false) return;
    this.#options.reading.cursor = id;
  }

  /** What went wrong, for people; and how long to wait. */
  #explain(error: Error): number {
    if (error instanceof ByeError) return this.#takeLeave(error);
    const { refusedRetryMs } = this.#options;
    const retryAfterMs = error instanceof AnswerError ? (error.retryAfterMs ?? 0) : 0;
    if (error instanceof IncompatibleError) this.#lose('incompatible', error);
    else if (isRefusal(error)) this.#lose('refused', error);
    else {
      this.#lose('waiting', error);
      return this.#backoff.nextMs(retryAfterMs);
    }
    return this.#backoff.nextMs(Math.max(refusedRetryMs, retryAfterMs));
  }

  #takeLeave(error: ByeError): number {
    const { reason, retryMs } = error.bye;
    if (reason === 'rotate') return retryMs;
    const isFinal = reason === 'revoked' || reason === 'expired';
    this.#lose(isFinal ? 'refused' : 'waiting', error);
    return this.#backoff.nextMs(isFinal ? this.#options.refusedRetryMs : retryMs);
  }

  #lose(state: 'waiting' | 'refused' | 'incompatible', error: Error): void {
    const reason = reasonOf(error).slice(0, 1_000);
    this.#turn(state, reason);
    this.#options.hosts.lose(reason);
  }

  #turn(state: UpstreamEntry['state'], reason: string | null): void {
    if (state !== this.#state) this.#since = Date.now();
    this.#state = state;
    this.#reason = reason;
  }
}

function trustOf({ pin }: KeptUpstream): Trust {
  return pin === null ? { kind: 'system' } : { kind: 'pin', pin };
}

function phaseOf({ resumed }: Hello, isGlance: boolean): Phase {
  if (isGlance) return 'glance';
  return resumed ? 'replay' : 'snapshot';
}

function isRefusal(error: Error): boolean {
  if (error instanceof AnswerError) return !error.isRetryable;
  return [RefusedTargetError, UntrustedError, SealedSecretError].some((kind) => error instanceof kind);
}

function reasonOf(error: Error): string {
  if (error instanceof UntrustedError) {
    return `${error.message} If its owner confirms this key, remove the hub here and add it again.`;
  }
  if (error instanceof WatchlineError) return [error.message, error.remedy].filter(Boolean).join(' ');
  return `The stream was lost: ${visibleText(error.message)}. It is opened again by itself.`;
}

function incompatible(origin: string, protocol: number): IncompatibleError {
  const older = protocol < PROTOCOL_VERSION ? 'that hub' : 'this one';
  return new IncompatibleError(
    'incompatible',
    `The hub at ${origin} speaks protocol ${protocol}, this one ${PROTOCOL_VERSION}.`,
    { remedy: `Update ${older}.` },
  );
}
