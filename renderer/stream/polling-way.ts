/**
 * Long-polling: one question after the other, each with the place the last answer led to. Now and then a stream is tried
 * beside it; one that keeps up takes over.
 */
import { MAX_POLL_WAIT_SECONDS, type PollEvent } from '../../shared/poll.ts';
import type { PollAnswer } from './ask-poll.ts';
import type { EventStream } from './event-stream.ts';
import type { Refusal } from './refusal.ts';
import { startStreamTrial, type StreamTrial } from './stream-trial.ts';
import { jittered, type StreamTiming } from './timing.ts';
import type { Way } from './way.ts';

export interface PollingWayOptions {
  timing: StreamTiming;
  /** The stream's address at the present place. */
  streamUrl: () => string;
  /** A poll of the present place. */
  ask: (signal: AbortSignal, waitSeconds: number) => Promise<PollAnswer | Refusal>;
  onEvent: (raw: PollEvent) => void;
  /** The first answer was taken, and again whenever the next trial is set: at this epoch millisecond. */
  onLive: (trialAt: number) => void;
  /** The way has ended. */
  onRefused: (refusal: Refusal) => void;
  /** A stream keeps up: the way has ended, and this is the next one. */
  onPassed: (stream: EventStream) => void;
  /** An answer already given for the present place. Default: the first question is asked. */
  first?: PollAnswer | undefined;
  /** No trial before this. Default 0. */
  firstTrialMs?: number;
}

/** Answers that come at once, one after the other, are somebody's fault: they are spaced out. */
const leastSpacingMs = 100;

export function openPollingWay(options: PollingWayOptions): Way {
  const { timing, onEvent } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let trial: StreamTrial | null = null;
  let trialTimer: ReturnType<typeof setTimeout> | undefined;
  let isLive = false;
  void run();
  return { close };

  async function run(): Promise<void> {
    // In a turn of its own: the caller holds this way by then, whatever the first answer brings.
    await Promise.resolve();
    if (options.first !== undefined && !signal.aborted) takeAnswer(options.first);
    while (!signal.aborted) {
      const askedAt = performance.now();
      const answer = await options.ask(signal, MAX_POLL_WAIT_SECONDS);
      if (signal.aborted) return;
      if (answer.kind === 'refused') {
        close();
        options.onRefused(answer);
        return;
      }
      takeAnswer(answer);
      await pause(askedAt + leastSpacingMs - performance.now());
    }
  }

  function takeAnswer({ events }: PollAnswer): void {
    for (const raw of events) {
      onEvent(raw);
      if (signal.aborted) return;
    }
    trial?.overtake(events.at(-1)!.id);
    if (isLive) return;
    isLive = true;
    planTrial(options.firstTrialMs ?? 0);
  }

  function planTrial(atLeastMs = 0): void {
    const delayMs = Math.max(jittered(timing.trialEveryMs), atLeastMs);
    trialTimer = setTimeout(tryStream, delayMs);
    options.onLive(Date.now() + delayMs);
  }

  function tryStream(): void {
    trial = startStreamTrial({
      url: options.streamUrl(),
      timing,
      onEvent,
      onFailed() {
        trial = null;
        planTrial();
      },
      onPassed(stream) {
        trial = null;
        close();
        options.onPassed(stream);
      },
    });
  }

  function close(): void {
    closing.abort();
    clearTimeout(trialTimer);
    trial?.close();
    trial = null;
  }
}

function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
