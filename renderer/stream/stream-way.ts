/**
 * One EventSource under watch. It ends once, with the reason: it broke, it fell silent, or it is held back on the way, which
 * is proven by asking: the hub answers a poll with what the stream does not bring.
 */
import type { PollEvent } from '../../shared/poll.ts';
import type { PollAnswer } from './ask-poll.ts';
import { openEventStream, type EventStream } from './event-stream.ts';
import type { Refusal } from './refusal.ts';
import type { StreamTiming } from './timing.ts';
import type { Way } from './way.ts';

export type StreamEnd =
  /** Refused, broken off or ended. `proven`: it lived long enough to be called a good one. */
  | { kind: 'broken'; greeted: boolean; proven: boolean }
  /** Nothing came for longer than `silenceMs`. */
  | { kind: 'silent' }
  /** No `hello` came, and a poll was answered so. */
  | { kind: 'held-back'; answer: PollAnswer }
  /** No `hello` came, and a poll did no better. */
  | { kind: 'refused'; refusal: Refusal }
  /** It fell silent while the hub had this to tell. */
  | { kind: 'late'; answer: PollAnswer };

export interface StreamWayOptions {
  url: string;
  timing: StreamTiming;
  /** A poll of the present place, answered at once. */
  ask: (signal: AbortSignal) => Promise<PollAnswer | Refusal>;
  onEvent: (raw: PollEvent) => void;
  onEnd: (end: StreamEnd) => void;
  /** A stream that is live already, from a trial. Default: one is opened. */
  opened?: EventStream;
}

export interface StreamWay extends Way {
  silenceMs(): number;
}

const checksPerLimit = 4;

export function openStreamWay({ url, timing, ask, onEvent, onEnd, opened }: StreamWayOptions): StreamWay {
  const closing = new AbortController();
  const openedAt = performance.now();
  let lastHeard = openedAt;
  let isGreeted = opened !== undefined;
  let isReady = isGreeted;
  let isAsking = false;
  /** Until then silence is not doubted: a doubt before found the hub quiet. */
  let trustedUntil = 0;

  const listener = { onEvent: take, onEnd: broken };
  const stream = opened ?? openEventStream(url, listener);
  opened?.listen(listener);
  const step = Math.min(timing.helloMs, timing.doubtMs, timing.silenceMs) / checksPerLimit;
  const watch = setInterval(() => void look(), step);

  return { silenceMs, close };

  function take(raw: PollEvent): void {
    lastHeard = performance.now();
    if (raw.name === 'hello') isGreeted = true;
    if (raw.name === 'ready') isReady = true;
    onEvent(raw);
  }

  async function look(): Promise<void> {
    const now = performance.now();
    if (silenceMs() > timing.silenceMs) end({ kind: 'silent' });
    if (isAsking) return;
    isAsking = true;
    if (!isGreeted && now - openedAt > timing.helloMs) await suspectHeldBack();
    else if (isReady && silenceMs() > timing.doubtMs && now > trustedUntil) await suspectLate();
    isAsking = false;
  }

  async function suspectHeldBack(): Promise<void> {
    const answer = await ask(closing.signal);
    if (isGreeted) return;
    if (answer.kind === 'answer') end({ kind: 'held-back', answer });
    // A hub without polling leaves only the wait for the stream.
    else if (answer.why !== 'absent') end({ kind: 'refused', refusal: answer });
  }

  /** An answer may overtake the stream by a moment; a stream that is alive brings the same within `overtakenMs`. */
  async function suspectLate(): Promise<void> {
    const heardBefore = lastHeard;
    const answer = await ask(closing.signal);
    if (answer.kind === 'refused' || lastHeard !== heardBefore) return;
    if (answer.events.every(({ name }) => name === 'ping')) {
      trustedUntil = performance.now() + timing.trustMs;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, timing.overtakenMs));
    if (lastHeard === heardBefore) end({ kind: 'late', answer });
  }

  function broken(): void {
    end({
      kind: 'broken',
      greeted: isGreeted,
      proven: isGreeted && performance.now() - openedAt > timing.provenMs,
    });
  }

  function end(reason: StreamEnd): void {
    if (closing.signal.aborted) return;
    close();
    onEnd(reason);
  }

  function close(): void {
    closing.abort();
    clearInterval(watch);
    stream.close();
  }

  function silenceMs(): number {
    return performance.now() - lastHeard;
  }
}
