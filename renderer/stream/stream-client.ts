/**
 * The page's stream of events. EventSource gives up for good on any answer but 200, and cannot see a connection that is
 * open and dead, nor one that a proxy holds back; so this client owns the loop: after every end it decides by the reason
 * whether to open another stream, to poll, to wait (longer each time, or as long as it was told) or to stop. Its place
 * in the sequence is kept through all of it.
 */
import { PROTOCOL_VERSION, paths } from '../../shared/protocol.ts';
import type { PollEvent } from '../../shared/poll.ts';
import type { Bye } from '../../shared/schema/stream.ts';
import { addShare } from '../session/share-address.ts';
import { HELD_RETRY_MS, mayGoOn, type ShareEnd } from '../session/share-end.ts';
import { askPoll, type PollAnswer } from './ask-poll.ts';
import { askStream } from './ask-stream.ts';
import type { Connection, PollingReason, WaitReason } from './connection.ts';
import type { EventStream } from './event-stream.ts';
import type { Intake } from './intake.ts';
import { openPollingWay } from './polling-way.ts';
import type { Refusal } from './refusal.ts';
import { openStreamWay, type StreamEnd, type StreamWay } from './stream-way.ts';
import { defaultTiming, type StreamTiming } from './timing.ts';
import type { Way } from './way.ts';

export interface StreamClientOptions {
  /** Origin of the hub. Default '': the page's own. */
  base?: string;
  /** The share this page is of. Default null: the owner's page. */
  share?: string | null;
  /** Seconds of samples a snapshot should carry. Default null: the hub's own default. */
  recentSeconds?: number | null;
  /** Takes what comes; its place is where the stream begins. */
  intake: Intake;
  onConnection: (connection: Connection) => void;
  timing?: Partial<StreamTiming>;
}

export interface StreamClient {
  start(): void;
  /** Ends a wait, a sign-out or a refusal and connects at once; leaves a good stream alone. */
  retryNow(): void;
  /** Call after the page was asleep or hidden: a stream past two heartbeats of silence is replaced. */
  checkLiveness(): void;
  /** Connects if the time for it has come: a hidden page's timers may be a minute late. */
  checkOverdue(): void;
  close(): void;
}

/** Streams in succession that ended unproven before the page polls. */
const enoughFailures = 2;
/** A second late stream within this time is a held-back one; a single one may be a connection that died. */
const lateAgainMs = 60_000;

export function createStreamClient(options: StreamClientOptions): StreamClient {
  const { intake, base = '', share = null, recentSeconds = null } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const { place } = intake;

  let way: Way | StreamWay | null = null;
  /** Why the page polls, null while it does not. Outlives a lost connection. */
  let pollingReason: PollingReason | null = null;
  /** What was asked before the newest `drop` is void. */
  let asking = new AbortController();
  let attempt = 0;
  let failures = 0;
  let lateAt = -Infinity;
  let retryAt: number | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  return {
    start: connect,
    retryNow() {
      if (isClosed || way !== null) return;
      attempt = 0;
      connect();
    },
    checkLiveness() {
      if (retryAt !== null) connect();
      else if (way !== null && 'silenceMs' in way && way.silenceMs() > (timing.silenceMs * 2) / 3)
        fail('silent');
    },
    checkOverdue() {
      if (retryAt !== null && Date.now() >= retryAt) connect();
    },
    close() {
      isClosed = true;
      drop();
    },
  };

  function connect(): void {
    drop();
    if (isClosed) return;
    options.onConnection({ phase: 'connecting' });
    if (pollingReason === null) openStream();
    else poll(pollingReason);
  }

  function openStream(opened?: EventStream): void {
    way = openStreamWay({
      url: streamUrl(),
      timing,
      ask: (signal) => ask(signal),
      onEvent: take,
      onEnd: (end) => void streamEnded(end),
      ...(opened !== undefined && { opened }),
    });
  }

  /** From now on by polling. `first` is an answer already given for the present place. */
  function poll(why: PollingReason, first?: PollAnswer, firstTrialMs = 0): void {
    drop();
    pollingReason = why;
    way = openPollingWay({
      timing,
      streamUrl,
      ask,
      onEvent: take,
      first,
      firstTrialMs,
      onLive(trialAt) {
        attempt = 0;
        options.onConnection({ phase: 'live', via: 'polling', why, retryAt: trialAt });
      },
      onRefused: refused,
      onPassed(stream) {
        pollingReason = null;
        failures = 0;
        openStream(stream);
        options.onConnection({ phase: 'live', via: 'stream' });
      },
    });
  }

  function take(raw: PollEvent): void {
    const event = intake.take(raw);
    switch (event?.name) {
      case 'hello':
        if (event.data.protocol !== PROTOCOL_VERSION) {
          stop({ phase: 'incompatible', hubProtocol: event.data.protocol });
        } else if (pollingReason === null) {
          options.onConnection({ phase: 'catching-up' });
        }
        return;
      case 'ready':
        if (pollingReason === null) options.onConnection({ phase: 'live', via: 'stream' });
        return;
      case 'bye':
        leave(event.data);
        return;
      default:
    }
  }

  function leave({ reason, retryMs }: Bye): void {
    if (reason === 'revoked' || reason === 'expired') {
      stop({ phase: 'ended', reason });
      return;
    }
    drop();
    // The hub is there and has spread its readers: who was only asked to come anew does not wait any longer.
    if (reason === 'rotate') waitFor('interrupted', retryMs);
    else waitFor(reason === 'shutdown' ? 'restarting' : 'interrupted', retryMs + timing.backoffMs(0));
  }

  async function streamEnded(end: StreamEnd): Promise<void> {
    way = null;
    switch (end.kind) {
      case 'silent':
        fail('silent');
        return;
      case 'held-back':
        poll('held-back', end.answer);
        return;
      case 'refused':
        refused(end.refusal);
        return;
      case 'late':
        late(end.answer);
        return;
      case 'broken':
        if (end.proven) attempt = failures = 0;
        else failures++;
        await (end.greeted ? cutShort() : lookInto());
    }
  }

  /** A connection that died looks like one that is held back: the first time another one tells. */
  function late(answer: PollAnswer): void {
    const isAgain = performance.now() - lateAt < lateAgainMs;
    lateAt = performance.now();
    if (isAgain) poll('late', answer);
    else connect();
  }

  async function cutShort(): Promise<void> {
    if (failures >= enoughFailures && (await pollInstead('cut-short'))) return;
    fail('interrupted');
  }

  /** A stream was refused: why, and for how long? */
  async function lookInto(): Promise<void> {
    const { signal } = asking;
    const found = await askStream(streamUrl());
    if (signal.aborted) return;
    if (found.kind === 'accepted') {
      fail('interrupted');
      return;
    }
    const { why, retryAfterMs, end } = found;
    const isOfTheStreamAlone = why !== 'signed-out' && why !== 'unreachable' && end === null;
    const isLasting = failures >= enoughFailures || retryAfterMs !== null;
    if (isOfTheStreamAlone && isLasting && (await pollInstead('refused', retryAfterMs ?? 0))) return;
    refused(found);
  }

  /** True where polling took over, or this attempt is void. */
  async function pollInstead(why: PollingReason, firstTrialMs = 0): Promise<boolean> {
    const { signal } = asking;
    const answer = await ask(signal);
    if (signal.aborted) return true;
    if (answer.kind === 'answer') poll(why, answer, firstTrialMs);
    return answer.kind === 'answer';
  }

  function refused({ why, retryAfterMs, end }: Refusal): void {
    if (end !== null) {
      ended(end, retryAfterMs);
      return;
    }
    if (why === 'signed-out') {
      stop({ phase: 'signed-out' });
      return;
    }
    drop();
    if (why === 'absent') pollingReason = null;
    // Told to wait so long: not sooner, and not all at the same moment.
    const toldMs = retryAfterMs === null ? 0 : retryAfterMs + timing.backoffMs(0);
    waitFor(why === 'absent' ? 'busy' : why, Math.max(timing.backoffMs(attempt++), toldMs));
  }

  /** A share that shows nothing for now is asked again as often as the hub says, and is not hurried by failures before. */
  function ended(end: ShareEnd, retryAfterMs: number | null): void {
    if (!mayGoOn(end)) {
      stop({ phase: 'ended', reason: end });
      return;
    }
    drop();
    const delayMs = (retryAfterMs ?? HELD_RETRY_MS) + timing.backoffMs(0);
    wait({ phase: 'held', reason: end, retryAt: Date.now() + delayMs });
  }

  function fail(reason: WaitReason): void {
    drop();
    waitFor(reason, timing.backoffMs(attempt++));
  }

  function waitFor(reason: WaitReason, delayMs: number): void {
    wait({ phase: 'waiting', reason, retryAt: Date.now() + delayMs });
  }

  function wait(connection: Extract<Connection, { phase: 'waiting' | 'held' }>): void {
    retryAt = connection.retryAt;
    options.onConnection(connection);
    retryTimer = setTimeout(connect, retryAt - Date.now());
  }

  function stop(connection: Connection): void {
    drop();
    options.onConnection(connection);
  }

  function drop(): void {
    asking.abort();
    asking = new AbortController();
    way?.close();
    way = null;
    clearTimeout(retryTimer);
    retryAt = null;
  }

  function ask(signal: AbortSignal, waitSeconds = 0): Promise<PollAnswer | Refusal> {
    return askPoll({ base, share, recentSeconds, cursor: place.cursor, waitSeconds, signal });
  }

  function streamUrl(): string {
    const query = addShare(new URLSearchParams(), share);
    if (place.cursor !== '') query.set('lastEventId', place.cursor);
    if (recentSeconds !== null) query.set('recent', String(recentSeconds));
    const text = query.toString();
    return base + paths.stream + (text === '' ? '' : `?${text}`);
  }
}
