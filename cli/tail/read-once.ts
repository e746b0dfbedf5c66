/** One connection to a stream, from request to its end. */
import type { IncomingMessage } from 'node:http';
import { createParser, type ParseError } from 'eventsource-parser';
import { STREAM_SILENCE_MS } from '../../shared/protocol.ts';
import { RefusedError } from '../refused-error.ts';
import type { StreamPlace } from './find-stream.ts';
import { openAnswer, readProblem } from './open-answer.ts';

export interface StreamMessage {
  name: string;
  /** JSON, not parsed. */
  data: string;
  id: string | null;
}

export interface ReadOnceOptions extends StreamPlace {
  cursor: string | null;
  signal: AbortSignal;
  onRetry: (ms: number) => void;
}

/** A snapshot's columns are its largest event: a few hundred series of 900 numbers. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;
const MAX_RETRY_MS = 60_000;

/** Throws when the connection fails, falls silent or ends in mid-event; a RefusedError for a final answer. */
export async function* readOnce(options: ReadOnceOptions): AsyncGenerator<StreamMessage> {
  const { cursor } = options;
  const response = await openAnswer({
    ...options,
    silenceMs: STREAM_SILENCE_MS,
    headers: { accept: 'text/event-stream', ...(cursor !== null && { 'last-event-id': cursor }) },
  });
  await checkAnswer(response, options.url);
  const messages: StreamMessage[] = [];
  let fault: ParseError | null = null;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event = 'message', data, id = null }) => messages.push({ name: event, data, id }),
    onRetry: (ms) => options.onRetry(Math.min(ms, MAX_RETRY_MS)),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') fault = error;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response as AsyncIterable<Buffer>) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages.splice(0);
    if (fault !== null) throw new Error(`an event is larger than ${MAX_EVENT_CHARACTERS} characters`);
  }
}

/** Busy and broken hubs are worth another try. */
async function checkAnswer(response: IncomingMessage, url: URL): Promise<void> {
  const status = response.statusCode ?? 0;
  const type = response.headers['content-type'] ?? '';
  if (status === 200 && type.startsWith('text/event-stream')) return;
  const said = await readProblem(response);
  if (status === 429 || status >= 500) throw new Error(said?.message ?? `the hub answered ${status}`);
  if (status === 401 || status === 403) {
    throw new RefusedError(
      `The hub at ${url.origin} refused the token (${status}).`,
      'Give its token with --token-file or WATCHLINE_TOKEN; on its machine, hub.json in its data folder holds it.',
    );
  }
  throw new RefusedError(
    said?.message ?? `${url.origin}${url.pathname} answered ${status} ${type}: not a stream of events.`,
    said?.remedy ?? 'Check the address.',
  );
}
