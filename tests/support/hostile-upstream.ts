/** Servers that an upstream's address may lead to, named by their misbehaviour. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { hostOf, logLineOf, sampleOf } from './observations.ts';

export type UpstreamMisbehaviour =
  | 'login-page'
  | 'no-content'
  | 'plain-text'
  | 'refusing-the-token'
  | 'busy'
  | 'redirects-in-circles'
  | 'redirects-elsewhere'
  | 'redirects-within'
  | 'another-protocol'
  | 'never-greets'
  | 'never-ready'
  | 'endless-line'
  | 'endless-event'
  | 'comments-only'
  | 'half-an-answer'
  | 'bad-events'
  | 'odd-encoding'
  | 'compressed'
  | 'wrong-clock'
  | 'bomb'
  | 'says-goodbye';

/** How far the clock of `wrong-clock` is ahead. */
export const WRONG_CLOCK_MS = 3_600_000;

export interface HostileUpstream extends AsyncDisposable {
  readonly origin: string;
  /** What was asked, oldest first. */
  readonly asked: { path: string; token: string | null; cursor: string | null; at: number }[];
  /** Bytes that were taken off this server's hands. */
  readonly sentBytes: number;
}

export function hello(changes: Record<string, unknown> = {}): string {
  return block('hello', 'abcd1234-0~', {
    protocol: 1,
    hubVersion: '9.9.9',
    epoch: 'abcd1234',
    serverTime: Date.now(),
    intervalMs: 1_000,
    heartbeatMs: 15_000,
    role: 'owner',
    channels: ['metrics', 'processes', 'logs', 'state'],
    hosts: null,
    resumed: false,
    ...changes,
  });
}

export function block(name: string, id: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

const ready = block('ready', 'abcd1234-0', { cursor: 'abcd1234-0', replayed: 0 });
const host = block('host', 'abcd1234-0~', hostOf('web-1'));

function line(sequence: number, data: unknown = logLineOf('web-1', sequence)): string {
  return block('log', `abcd1234-${sequence}`, data);
}

/** `elsewhere`: where redirects to another origin lead. */
export async function startHostileUpstream(
  misbehaviour: UpstreamMisbehaviour,
  elsewhere = '',
): Promise<HostileUpstream> {
  const asked: HostileUpstream['asked'] = [];
  let sentBytes = 0;
  const server = createServer((request, answer) => {
    const { authorization = null, 'last-event-id': cursor = null } = request.headers;
    asked.push({
      path: request.url!,
      token: authorization,
      cursor: cursor as string | null,
      at: performance.now(),
    });
    misbehave(misbehaviour, request, answer, elsewhere, (bytes) => (sentBytes += bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get sentBytes() {
      return sentBytes;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function misbehave(
  misbehaviour: UpstreamMisbehaviour,
  request: IncomingMessage,
  answer: ServerResponse,
  elsewhere: string,
  count: (bytes: number) => void,
): void {
  const stream = (headers: Record<string, string> = {}) =>
    answer.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers });
  switch (misbehaviour) {
    case 'login-page':
      return void answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Sign in');
    case 'no-content':
      return void answer.writeHead(204).end();
    case 'plain-text':
      return void answer.writeHead(200, { 'Content-Type': 'text/plain' }).end(hello() + ready);
    case 'refusing-the-token':
      return void answer.writeHead(401, { 'Content-Type': 'application/json' }).end(
        JSON.stringify({
          error: { code: 'unauthorised', message: 'Not \u001b[31mthis\u001b[0m one.', remedy: null },
        }),
      );
    case 'busy':
      return void answer.writeHead(503, { 'Retry-After': '1' }).end();
    case 'redirects-in-circles':
      return void answer.writeHead(302, { Location: `${request.url!}&again=1` }).end();
    case 'redirects-elsewhere':
      return void answer.writeHead(307, { Location: `${elsewhere}/api/v1/stream` }).end();
    case 'redirects-within':
      if (request.url!.startsWith('/inner')) return void stream().write(hello() + host + ready);
      return void answer.writeHead(308, { Location: '/inner/stream' }).end();
    case 'another-protocol':
      return void stream().write(block('hello', 'x', { protocol: 7, greeting: 'hi' }));
    case 'never-greets':
      return void stream().write(line(1));
    case 'never-ready':
      return void stream().write(hello() + host);
    case 'endless-line':
      stream().write(hello() + host + ready);
      return pour(answer, 'x'.repeat(65_536), count);
    case 'endless-event':
      stream().write(hello() + host + ready);
      return pour(answer, `data: ${'x'.repeat(60_000)}\n`, count);
    case 'bomb':
      stream({ 'Content-Encoding': 'gzip' });
      return pour(answer, gzipSync('x'.repeat(64 * 1024 * 1024)), count);
    case 'comments-only': {
      stream().write(hello() + host + ready);
      const timer = setInterval(() => answer.write(': still here\n\n'), 10);
      return void answer.on('close', () => clearInterval(timer));
    }
    case 'half-an-answer':
      return void request.socket.write('HTTP/1.1 200 OK\r\nContent-Ty');
    case 'bad-events':
      stream().write(hello() + host + ready);
      answer.write(line(1) + line(2, { host: 'web-1', text: 5 }) + 'event: log\ndata: {"host":\n\n');
      answer.write(block('hologram', 'abcd1234-3', { host: 'web-1' }) + block('__proto__', 'abcd1234-4', {}));
      answer.write(line(5, { ...logLineOf('web-1', 5), host: '../../etc' }) + line(6, logLineOf('web-9', 6)));
      return void answer.write(line(7));
    case 'odd-encoding':
      return void stream({ 'Content-Encoding': 'br' }).end('x');
    case 'compressed':
      return void stream({ 'Content-Encoding': 'gzip' }).end(gzipSync(hello() + host + ready + line(1)));
    case 'wrong-clock': {
      const time = Date.now() + WRONG_CLOCK_MS;
      stream().write(hello({ serverTime: time }) + host);
      answer.write(block('host', 'abcd1234-0~', hostOf('web-2', { status: 'asleep' })));
      answer.write(block('sample', 'abcd1234-0~', sampleOf('web-1', 1, { time })));
      return void answer.write(block('sample', 'abcd1234-0~', sampleOf('web-2', 1, { time })) + ready);
    }
    case 'says-goodbye':
      stream().write(hello() + host + ready);
      return void answer.end(block('bye', 'abcd1234-0', { reason: 'shutdown', retryMs: 300 }));
  }
}

/** As fast as it is taken. */
function pour(answer: ServerResponse, piece: string | Buffer, count: (bytes: number) => void): void {
  const more = (): void => {
    while (!answer.destroyed) {
      count(piece.length);
      if (!answer.write(piece)) return void answer.once('drain', more);
    }
  };
  more();
}
