/** Reads a stream over a bare socket; `eventsource-parser` takes the bytes apart. */
import type { Socket } from 'node:net';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { StreamEvent } from '../../shared/events.ts';
import { connectRaw, getRequest } from './raw-request.ts';
import { until } from './until.ts';

export type ReceivedEvent = StreamEvent & { id: string };
type DataOf<Name extends StreamEvent['name']> = Extract<StreamEvent, { name: Name }>['data'];

export interface StreamReader extends Disposable {
  readonly socket: Socket;
  /** All events so far, in the order they came. */
  readonly events: readonly ReceivedEvent[];
  /** Status line and headers. */
  readonly head: string;
  readonly retryMs: number | null;
  readonly lastEventId: string;
  readonly closed: Promise<void>;
  /** Waits for an event that fits, from the first one received. */
  until<Name extends StreamEvent['name']>(
    name: Name,
    fits?: (data: DataOf<Name>) => boolean,
  ): Promise<{ id: string; data: DataOf<Name> }>;
  /** Data of every event of this name so far. */
  dataOf<Name extends StreamEvent['name']>(name: Name): DataOf<Name>[];
}

export interface ReadStreamOptions {
  port: number;
  /** Null: the headers say who asks. */
  ownerToken: string | null;
  /** Without "?": "channels=logs&recent=0". */
  query?: string;
  lastEventId?: string;
  headers?: Record<string, string>;
}

export function readStream(options: ReadStreamOptions): StreamReader {
  const { port, ownerToken, query, lastEventId } = options;
  const path = query === undefined ? '/api/v1/stream' : `/api/v1/stream?${query}`;
  const connection = connectRaw(
    port,
    getRequest(path, {
      Host: `127.0.0.1:${port}`,
      ...(ownerToken !== null && { Authorization: `Bearer ${ownerToken}` }),
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
      ...options.headers,
    }),
  );
  const events: ReceivedEvent[] = [];
  const state = { head: '', retryMs: null as number | null, lastEventId: '' };
  const parser = createParser({
    onEvent: (message) => {
      state.lastEventId = message.id ?? state.lastEventId;
      events.push(decode(message));
    },
    onRetry: (retryMs) => (state.retryMs = retryMs),
  });
  // The connection keeps the head only: a stream may be long.
  connection.socket.removeAllListeners('data');
  const decoder = new TextDecoder();
  let isBody = false;
  connection.socket.on('data', (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    if (isBody) return parser.feed(text);
    state.head += text;
    const end = state.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    isBody = true;
    const rest = state.head.slice(end + 4);
    state.head = state.head.slice(0, end);
    parser.feed(rest);
  });
  return {
    socket: connection.socket,
    events,
    get head() {
      return state.head;
    },
    get retryMs() {
      return state.retryMs;
    },
    get lastEventId() {
      return state.lastEventId;
    },
    closed: connection.closed,
    until: <Name extends StreamEvent['name']>(name: Name, fits = (_: DataOf<Name>) => true) =>
      until(`an event "${name}"`, () => {
        const found = events.find((event) => event.name === name && fits(event.data as DataOf<Name>));
        return found && { id: found.id, data: found.data as DataOf<Name> };
      }),
    dataOf: <Name extends StreamEvent['name']>(name: Name) =>
      events.filter((event) => event.name === name).map((event) => event.data as DataOf<Name>),
    [Symbol.dispose]: () => connection.socket.destroy(),
  };
}

function decode(message: EventSourceMessage): ReceivedEvent {
  return {
    id: message.id ?? '',
    name: message.event,
    data: JSON.parse(message.data) as unknown,
  } as ReceivedEvent;
}
