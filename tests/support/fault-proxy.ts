/**
 * A proxy between a browser and a hub that misbehaves by name, towards streams alone unless its name says otherwise. What
 * it does can be changed while it runs.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * - `none`: passes all on;
 * - `buffering`: holds a stream's answer until it ends, which it never does;
 * - `batching`: passes what has come every five seconds;
 * - `refusing`: answers streams with 502;
 * - `restarting`: answers everything with 502;
 * - `stalled`: passes a stream's beginning, then nothing more;
 * - `trickle`: passes a comment every 100 ms and nothing else;
 * - `no-content`: answers streams with 204;
 * - `too-many`: answers all of the API with 429 and `Retry-After: 2`;
 * - `ends-after-one`: ends a stream after its first block;
 * - `login-page`: answers streams with a page of its own;
 * - `wrong-protocol`: greets with a protocol of the future.
 */
export type Misbehaviour =
  | 'none'
  | 'buffering'
  | 'batching'
  | 'refusing'
  | 'restarting'
  | 'stalled'
  | 'trickle'
  | 'no-content'
  | 'too-many'
  | 'ends-after-one'
  | 'login-page'
  | 'wrong-protocol';

export interface FaultProxy extends AsyncDisposable {
  readonly origin: string;
  /** For requests from now on; those that are open go on as they began. */
  misbehaviour: Misbehaviour;
  /** Requests of the API so far: when they came, by `performance.now()`, and their path. */
  readonly asked: { at: number; path: string; lastEventId: string | null }[];
  /** Ends every open connection. */
  cut(): void;
}

const batchMs = 5_000;
const trickleMs = 100;

export async function startFaultProxy(hubOrigin: string): Promise<FaultProxy> {
  const hub = new URL(hubOrigin);
  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url!, hub);
    const isApi = url.pathname.startsWith('/api/') && url.pathname !== '/api/v1/session';
    if (isApi) {
      const lastEventId = url.searchParams.get('lastEventId') ?? url.searchParams.get('cursor');
      proxy.asked.push({ at: performance.now(), path: url.pathname, lastEventId });
    }
    const isStream = url.pathname === '/api/v1/stream';
    const { misbehaviour } = proxy;
    if (misbehaviour === 'restarting') return refuse(answer, 502);
    if (misbehaviour === 'too-many' && isApi) return refuse(answer, 429, { 'Retry-After': '2' });
    if (isStream && misbehaviour === 'refusing') return refuse(answer, 502);
    if (isStream && misbehaviour === 'no-content') return refuse(answer, 204);
    if (isStream && misbehaviour === 'login-page')
      return void answer.setHeader('Content-Type', 'text/html').end('<p>Sign in');
    if (isStream && misbehaviour === 'trickle') return trickle(answer);
    pass(hub, incoming, answer, isStream ? misbehaviour : 'none');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    misbehaviour: 'none',
    asked: [],
    cut: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}

function refuse(answer: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  answer.writeHead(status, headers).end();
}

function trickle(answer: ServerResponse): void {
  answer.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const timer = setInterval(() => answer.write(': still here\n\n'), trickleMs);
  answer.on('close', () => clearInterval(timer));
}

/** The hub sees its own address as `Host`, and a page of its own as `Origin`. */
function pass(hub: URL, incoming: IncomingMessage, answer: ServerResponse, misbehaviour: Misbehaviour): void {
  const headers = { ...incoming.headers, host: hub.host };
  if (headers.origin !== undefined) headers.origin = hub.origin;
  const onward = request(
    { host: hub.hostname, port: hub.port, method: incoming.method, path: incoming.url, headers },
    (response) => {
      if (misbehaviour === 'none') {
        answer.writeHead(response.statusCode!, response.headers);
        response.pipe(answer);
      } else {
        distort(response, answer, misbehaviour);
      }
    },
  );
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function distort(response: IncomingMessage, answer: ServerResponse, misbehaviour: Misbehaviour): void {
  response.on('error', () => answer.destroy());
  if (misbehaviour === 'buffering') {
    const held: Buffer[] = [];
    response.on('data', (chunk: Buffer) => held.push(chunk));
    response.on('end', () => answer.writeHead(200, response.headers).end(Buffer.concat(held)));
    return;
  }
  answer.writeHead(response.statusCode!, response.headers);
  answer.flushHeaders();
  response.on('end', () => answer.end());
  switch (misbehaviour) {
    case 'batching': {
      let held: Buffer[] = [];
      response.on('data', (chunk: Buffer) => held.push(chunk));
      const timer = setInterval(() => {
        answer.write(Buffer.concat(held));
        held = [];
      }, batchMs);
      answer.on('close', () => clearInterval(timer));
      return;
    }
    case 'stalled': {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        if (text.includes('event: ready')) return;
        text += chunk.toString();
        answer.write(chunk);
      });
      return;
    }
    case 'ends-after-one':
      response.once('data', (chunk: Buffer) => {
        answer.end(chunk.subarray(0, chunk.indexOf('\n\n') + 2));
        response.destroy();
      });
      return;
    default:
      response.on('data', (chunk: Buffer) => {
        answer.write(chunk.toString().replace('"protocol":1', '"protocol":9'));
      });
  }
}
