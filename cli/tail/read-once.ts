/** One connection to a stream, from request to its end. */
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { createParser, type ParseError } from 'eventsource-parser';
import { pinnedTo } from '../../link/tls/pinned.ts';
import { STREAM_SILENCE_MS } from '../../shared/protocol.ts';
import { problem } from '../../shared/snapshot.ts';
import { RefusedError } from '../refused-error.ts';

export interface StreamMessage {
  name: string;
  /** JSON, not parsed. */
  data: string;
  id: string | null;
}

export interface ReadOnceOptions {
  url: URL;
  token: () => string | null;
  /** PEM file of the only certificate to trust; null: as this machine's authorities say. */
  certificateFile: string | null;
  cursor: string | null;
  signal: AbortSignal;
  onRetry: (ms: number) => void;
}

/** A snapshot's columns are its largest event: a few hundred series of 900 numbers. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;
const MAX_PROBLEM_BYTES = 64 * 1024;
const ANSWER_LIMIT_MS = 10_000;
const MAX_RETRY_MS = 60_000;

/** Throws when the connection fails, falls silent or ends in mid-event; a RefusedError for a final answer. */
export async function* readOnce(options: ReadOnceOptions): AsyncGenerator<StreamMessage> {
  const response = await open(options);
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

function open({ url, token, certificateFile, cursor, signal }: ReadOnceOptions): Promise<IncomingMessage> {
  const secret = token();
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      ...(certificateFile !== null && pinnedTo(certificateFile)),
      signal,
      agent: false,
      headers: {
        accept: 'text/event-stream',
        ...(secret !== null && { authorization: `Bearer ${secret}` }),
        ...(cursor !== null && { 'last-event-id': cursor }),
      },
    });
    request.setTimeout(ANSWER_LIMIT_MS, () => request.destroy(new Error(`no answer from ${url.origin}`)));
    request.on('error', reject);
    request.on('response', (response) => {
      request.setTimeout(STREAM_SILENCE_MS, () => response.destroy(new Error('the stream fell silent')));
      resolve(response);
    });
    request.end();
  });
}

/** Busy and broken hubs are worth another try; a redirect is not followed, because the token must not be. */
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

async function readProblem(
  response: IncomingMessage,
): Promise<{ message: string; remedy: string | null } | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_PROBLEM_BYTES) break;
  }
  try {
    return problem.parse(JSON.parse(Buffer.concat(chunks).toString())).error;
  } catch {
    return null;
  }
}
