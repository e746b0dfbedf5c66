/**
 * A stream on trial beside polling: is it delivered as promptly as polls are answered? It passes if for a while it brings
 * everything an answer held within a second of it. What it brings is taken meanwhile: it is as true as an answer.
 */
import { parseCursor } from '../../shared/cursor.ts';
import { hello } from '../../shared/schema/stream.ts';
import type { PollEvent } from '../../shared/poll.ts';
import { openEventStream, type EventStream } from './event-stream.ts';
import type { StreamTiming } from './timing.ts';

export interface StreamTrialOptions {
  url: string;
  timing: StreamTiming;
  onEvent: (raw: PollEvent) => void;
  /** The caller listens to the stream from here on. */
  onPassed: (stream: EventStream) => void;
  onFailed: () => void;
}

export interface StreamTrial {
  /** Polling got as far as this cursor. */
  overtake(cursor: string): void;
  close(): void;
}

export function startStreamTrial({
  url,
  timing,
  onEvent,
  onPassed,
  onFailed,
}: StreamTrialOptions): StreamTrial {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let reached = -1;
  let isReady = false;
  let isOver = false;
  const stream = openEventStream(url, { onEvent: take, onEnd: fail });
  after(timing.helloMs, () => {
    if (!isReady) fail();
  });

  return {
    overtake(cursor) {
      const goal = parseCursor(cursor)?.sequence ?? -1;
      if (!isReady) return;
      after(timing.overtakenMs, () => {
        if (reached < goal) fail();
      });
    },
    close,
  };

  function take(raw: PollEvent): void {
    reached = Math.max(reached, parseCursor(raw.id)?.sequence ?? -1);
    switch (raw.name) {
      case 'hello':
        // A snapshot in the middle of polling would be two sources at once: polling sees to it, the stream comes later.
        if (!isResumed(raw.data)) fail();
        return;
      case 'ready':
        isReady = true;
        after(timing.trialMs, pass);
        return;
      case 'bye':
        fail();
        return;
      default:
        onEvent(raw);
    }
  }

  function pass(): void {
    over();
    onPassed(stream);
  }

  function fail(): void {
    if (isOver) return;
    close();
    onFailed();
  }

  function close(): void {
    over();
    stream.close();
  }

  function over(): void {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  }

  function after(ms: number, act: () => void): void {
    timers.add(setTimeout(act, ms));
  }
}

function isResumed(data: string): boolean {
  try {
    return hello.parse(JSON.parse(data)).resumed;
  } catch {
    return false;
  }
}
