/** One EventSource, its events raw. It is never left to reconnect by itself: its end is told once, and it is closed. */
import { eventRules } from '../../shared/event-rules.ts';
import type { PollEvent } from '../../shared/poll.ts';

export interface EventStreamListener {
  onEvent(raw: PollEvent): void;
  /** Refused, broken off or ended: EventSource does not say which. */
  onEnd(): void;
}

export interface EventStream {
  /** Replaces the listener, as when a stream on trial becomes the page's stream. */
  listen(listener: EventStreamListener): void;
  /** Afterwards nothing is told any more. */
  close(): void;
}

const names = Object.keys(eventRules);

export function openEventStream(url: string, first: EventStreamListener): EventStream {
  let listener: EventStreamListener | null = first;
  const source = new EventSource(url);
  for (const name of names) {
    source.addEventListener(name, ({ lastEventId, data }: MessageEvent<string>) => {
      listener?.onEvent({ id: lastEventId, name, data });
    });
  }
  source.addEventListener('error', () => {
    const told = listener;
    close();
    told?.onEnd();
  });

  return {
    listen(next) {
      listener = next;
    },
    close,
  };

  function close(): void {
    listener = null;
    source.close();
  }
}
