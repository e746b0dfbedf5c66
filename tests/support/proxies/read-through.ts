/** Reads a stream with `fetch`, as a page would: through whatever stands in front of the hub. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface FetchedStream extends AsyncDisposable {
  readonly response: Response;
  readonly events: readonly EventSourceMessage[];
  /** The `text` of every event of this name so far. */
  textsOf(name: string): string[];
  readonly lastEventId: string;
  /** Resolves when the stream has ended, however it did. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  abort(): void;
}

/** Resolves once the head is there, whatever its status. */
export async function readThrough(url: string, headers: Record<string, string>): Promise<FetchedStream> {
  const aborting = new AbortController();
  const response = await fetch(url, { headers, signal: aborting.signal });
  const events: EventSourceMessage[] = [];
  let hasEnded = false;
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const ended = (async () => {
    try {
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) parser.feed(text);
    } catch {
      // Cut: what came is what counts.
    }
    hasEnded = true;
  })();
  return {
    response,
    events,
    textsOf: (name) =>
      events
        .filter(({ event }) => event === name)
        .map(({ data }) => String((JSON.parse(data) as { text?: unknown }).text)),
    get lastEventId() {
      return events.findLast(({ id }) => id !== undefined)?.id ?? '';
    },
    ended,
    get hasEnded() {
      return hasEnded;
    },
    abort: () => aborting.abort(),
    async [Symbol.asyncDispose]() {
      aborting.abort();
      await ended;
    },
  };
}
