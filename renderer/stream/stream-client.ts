/**
 * The page's stream of events. EventSource gives up for good on any answer but 200, and cannot see a
 * connection that is open and dead; so this client owns the loop: it makes a new EventSource after every
 * failure, waits longer each time, hands the cursor over as `lastEventId` (a new EventSource cannot set
 * the header), and replaces a stream that has been silent for three heartbeats.
 */
import { PROTOCOL_VERSION, STREAM_SILENCE_MS, paths } from '../../shared/protocol.ts';
import { streamEvents, type StreamEvent, type StreamEventName } from '../../shared/events.ts';
import type { Bye } from '../../shared/schema/stream.ts';
import { backoffMs } from './backoff.ts';
import type { Connection, WaitReason } from './connection.ts';
import { createDecoder, type Decoder } from './decode.ts';
import { probeRefusal, type Refusal } from './probe.ts';

export interface StreamClientOptions {
  /** Origin of the hub. Default '': the page's own. */
  base?: string;
  /** Seconds of samples the snapshot should carry. Default null: the hub's own default. */
  recentSeconds?: number | null;
  /** Called for every event that could be read; `id` is its cursor, '' before the first one. */
  onEvent: (event: StreamEvent, id: string) => void;
  onConnection: (connection: Connection) => void;
  /** Milliseconds of silence after which a stream is replaced. Default STREAM_SILENCE_MS. */
  silenceMs?: number;
  /** Milliseconds before retry number `attempt`. Default: jittered, doubling, 15 s at most. */
  backoff?: (attempt: number) => number;
  /** Why a stream was refused. Default: asks the hub. */
  probe?: () => Promise<Refusal>;
  decoder?: Decoder;
}

export interface StreamClient {
  start(): void;
  /** Ends a wait, a sign-out or a refusal and connects at once; leaves a good stream alone. */
  retryNow(): void;
  /** Call after the page was asleep or hidden: a stream past two heartbeats of silence is replaced. */
  checkLiveness(): void;
  close(): void;
}

/** A stream that lived this long was a good one: the next failure starts the waiting times anew. */
const provenMs = 5_000;
const checksPerSilence = 9;

export function createStreamClient(options: StreamClientOptions): StreamClient {
  const base = options.base ?? '';
  const silenceMs = options.silenceMs ?? STREAM_SILENCE_MS;
  const backoff = options.backoff ?? backoffMs;
  const probe = options.probe ?? (() => probeRefusal({ base }));
  const decoder = options.decoder ?? createDecoder();

  let source: EventSource | null = null;
  let cursor = '';
  let attempt = 0;
  let lastHeard = 0;
  let openedAt = 0;
  let hasGreeted = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;

  return {
    start: connect,
    retryNow() {
      if (isClosed || source !== null) return;
      attempt = 0;
      connect();
    },
    checkLiveness() {
      if (source === null) {
        if (retryTimer !== undefined) connect();
      } else if (silence() > (silenceMs * 2) / 3) {
        fail('silent');
      }
    },
    close() {
      isClosed = true;
      drop();
    },
  };

  function connect(): void {
    drop();
    options.onConnection({ phase: 'connecting' });
    lastHeard = performance.now();
    openedAt = lastHeard;
    hasGreeted = false;
    const opened = new EventSource(streamUrl());
    source = opened;
    for (const name of Object.keys(streamEvents) as StreamEventName[]) {
      opened.addEventListener(name, (message: MessageEvent<string>) => {
        if (source === opened) take(name, message);
      });
    }
    opened.addEventListener('error', () => {
      if (source === opened) void refused();
    });
    watchdog = setInterval(() => {
      if (silence() > silenceMs) fail('silent');
    }, silenceMs / checksPerSilence);
  }

  function streamUrl(): string {
    const query = new URLSearchParams();
    if (cursor !== '') query.set('lastEventId', cursor);
    if (options.recentSeconds != null) query.set('recent', String(options.recentSeconds));
    const text = query.toString();
    return base + paths.stream + (text === '' ? '' : `?${text}`);
  }

  function take(name: StreamEventName, message: MessageEvent<string>): void {
    lastHeard = performance.now();
    if (message.lastEventId !== '') cursor = message.lastEventId;
    const event = decoder.decode(name, message.data);
    if (event === null) return;
    switch (event.name) {
      case 'hello':
        if (event.data.protocol !== PROTOCOL_VERSION) {
          stop({ phase: 'incompatible', hubProtocol: event.data.protocol });
          return;
        }
        hasGreeted = true;
        options.onConnection({ phase: 'catching-up' });
        break;
      case 'ready':
        cursor = event.data.cursor;
        options.onConnection({ phase: 'live' });
        break;
      case 'reset':
        cursor = '';
        break;
      case 'bye':
        leave(event.data);
        return;
      default:
    }
    options.onEvent(event, message.lastEventId);
  }

  function leave({ reason, retryMs }: Bye): void {
    if (reason === 'revoked' || reason === 'expired') {
      stop({ phase: 'ended', reason });
      return;
    }
    drop();
    wait(reason === 'shutdown' ? 'restarting' : 'interrupted', retryMs + backoff(0));
  }

  /** The stream ended or never began. A refusal is looked into; a good stream that broke is just reopened. */
  async function refused(): Promise<void> {
    if (hasGreeted) {
      fail('interrupted');
      return;
    }
    drop();
    const refusal = await probe();
    // The client was closed, or connected anew, while the question was out.
    if (isClosed || source !== null || retryTimer !== undefined) return;
    if (refusal === 'signed-out') stop({ phase: 'signed-out' });
    else wait(refusal);
  }

  function fail(reason: WaitReason): void {
    if (hasGreeted && performance.now() - openedAt > provenMs) attempt = 0;
    drop();
    wait(reason);
  }

  function wait(reason: WaitReason, delayMs = backoff(attempt++)): void {
    options.onConnection({ phase: 'waiting', reason, retryAt: Date.now() + delayMs });
    retryTimer = setTimeout(connect, delayMs);
  }

  function stop(connection: Connection): void {
    drop();
    options.onConnection(connection);
  }

  function drop(): void {
    source?.close();
    source = null;
    clearInterval(watchdog);
    clearTimeout(retryTimer);
    retryTimer = undefined;
  }

  function silence(): number {
    return performance.now() - lastHeard;
  }
}
