/** Reads a compressed stream over a bare socket, and keeps both what came over the wire and what it says. */
import type { Socket } from 'node:net';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import type { ReceivedEvent } from './stream-reader.ts';
import { connectRaw, getRequest } from './raw-request.ts';
import { until } from './until.ts';

const decoders = { gzip: createGunzip, zstd: createZstdDecompress };

export interface CompressedReader extends Disposable {
  readonly socket: Socket;
  readonly head: string;
  /** All of the body as it came over the wire. */
  readonly wire: Buffer;
  readonly events: readonly ReceivedEvent[];
  readonly closed: Promise<void>;
  until(name: ReceivedEvent['name'], fits?: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
}

/** Accepts `encoding` and nothing else. */
export function readCompressed(
  hub: { port: number; ownerToken: string },
  encoding: keyof typeof decoders,
  query = '',
): CompressedReader {
  const connection = connectRaw(
    hub.port,
    getRequest(`/api/v1/stream?${query}`, {
      Host: `127.0.0.1:${hub.port}`,
      Authorization: `Bearer ${hub.ownerToken}`,
      'Accept-Encoding': encoding,
    }),
  );
  connection.socket.removeAllListeners('data');
  const events: ReceivedEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) =>
      events.push({ id: id ?? '', name: event, data: JSON.parse(data) as unknown } as ReceivedEvent),
  });
  const decompress = decoders[encoding]();
  const decoder = new TextDecoder();
  decompress.on('data', (chunk: Buffer) => parser.feed(decoder.decode(chunk, { stream: true })));
  // A stream that was cut has no trailer.
  decompress.on('error', () => undefined);
  let received = Buffer.alloc(0);
  let bodyAt = -1;
  connection.socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (bodyAt >= 0) {
      decompress.write(chunk);
      return;
    }
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    bodyAt = end + 4;
    decompress.write(received.subarray(bodyAt));
  });
  return {
    socket: connection.socket,
    get head() {
      return received.subarray(0, Math.max(0, bodyAt)).toString('latin1');
    },
    get wire() {
      return received.subarray(bodyAt);
    },
    events,
    closed: connection.closed,
    until: (name, fits = () => true) =>
      until(`a compressed event "${name}"`, () => events.find((event) => event.name === name && fits(event))),
    [Symbol.dispose]: () => connection.socket.destroy(),
  };
}
