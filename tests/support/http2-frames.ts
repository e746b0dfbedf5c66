/** HTTP/2 by hand (RFC 9113): frames that no well-behaved client would send. */
import { connect, type TLSSocket } from 'node:tls';
import { pinnedTo } from '../../link/tls/pinned.ts';
import type { TestHub } from './start-test-hub.ts';

const types = {
  data: 0x0,
  headers: 0x1,
  reset: 0x3,
  settings: 0x4,
  ping: 0x6,
  goAway: 0x7,
  continuation: 0x9,
} as const;

const END_STREAM = 0x1;
const END_HEADERS = 0x4;

export function frame(
  type: keyof typeof types,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = types[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK (RFC 7541): every field as a literal that is not indexed. Names and values are shorter than 127 bytes. */
function fields(list: readonly [string, string][]): Buffer {
  return Buffer.concat(
    list.flatMap(([name, value]) => [
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]),
  );
}

export const get = (path: string): Buffer =>
  fields([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':authority', 'localhost'],
    [':path', path],
  ]);

export const frames = {
  ping: () => frame('ping', 0, 0, Buffer.alloc(8)),
  settings: () => frame('settings', 0, 0),
  /** A request that is given up at once. */
  openAndReset: (stream: number) =>
    Buffer.concat([
      frame('headers', END_STREAM | END_HEADERS, stream, get('/healthz')),
      frame('reset', 0, stream, Buffer.from([0, 0, 0, 8])),
    ]),
  /** A head that does not end. */
  openHead: (stream: number) => frame('headers', END_STREAM, stream, get('/healthz')),
  continuation: (stream: number) => frame('continuation', 0, stream, fields([['x-more', 'x'.repeat(100)]])),
  /** A request whose body does not come. */
  openBody: (stream: number) =>
    frame(
      'headers',
      END_HEADERS,
      stream,
      fields([
        [':method', 'POST'],
        [':scheme', 'https'],
        [':authority', 'localhost'],
        [':path', '/api/v1/session'],
        ['content-type', 'application/json'],
      ]),
    ),
};

export interface RawHttp2 extends Disposable {
  readonly socket: TLSSocket;
  /** Types of the frames received so far. */
  readonly received: readonly string[];
  readonly closed: Promise<void>;
}

/** Says hello as HTTP/2 wants it; what follows is up to the test. */
export async function connectRawHttp2(hub: TestHub): Promise<RawHttp2> {
  const socket = connect({
    port: hub.port,
    host: '127.0.0.1',
    ALPNProtocols: ['h2'],
    ...pinnedTo(hub.certificate!.file),
  });
  const received: string[] = [];
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const number = rest[3]!;
      received.push(Object.entries(types).find(([, type]) => type === number)?.[0] ?? String(number));
      rest = rest.subarray(9 + rest.readUIntBE(0, 3));
    }
  });
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frames.settings()]));
  return { socket, received, closed, [Symbol.dispose]: () => socket.destroy() };
}
