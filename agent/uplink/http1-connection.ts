/** HTTP/1.1 with connections that are kept: to a hub on this machine, or to one behind a proxy that speaks no HTTP/2. */
import { Agent, request as startRequest, type AgentOptions, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { unreachableBecause } from '../../link/tls/connect-verified.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { AnswerBody } from './answer-body.ts';
import { timeoutOf, type HubAnswer, type HubConnection, type HubRequest } from './hub-connection.ts';

/** One for what happens, one for what was kept. */
const MAX_CONNECTIONS = 2;

export interface Http1Connection extends HubConnection {
  readonly protocol: 'HTTP/1.1';
}

/** `connect` makes a verified connection; null: a plain one, to this machine. */
export function openHttp1(url: URL, connect: (() => Promise<Duplex>) | null): Http1Connection {
  const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS, scheduling: 'fifo' } as const;
  const agent = connect === null ? new Agent(options) : new VerifiedAgent(options, connect);
  return {
    protocol: 'HTTP/1.1',
    post: (request) => post(url, agent, request),
    async [Symbol.asyncDispose]() {
      agent.destroy();
    },
  };
}

/** Takes its sockets from elsewhere. */
class VerifiedAgent extends Agent {
  readonly #connect: () => Promise<Duplex>;

  constructor(options: AgentOptions, connect: () => Promise<Duplex>) {
    super(options);
    this.#connect = connect;
  }

  override createConnection(
    _options: unknown,
    whenMade?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    this.#connect().then(
      (socket) => whenMade?.(null, socket),
      (error: Error) => whenMade?.(error, undefined!),
    );
  }
}

function post(url: URL, agent: Agent, sent: HubRequest): Promise<HubAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HubAnswer>();
  const target = new URL(sent.path, url);
  const request = startRequest({
    host: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : target.port,
    path: target.pathname,
    method: 'POST',
    agent,
    headers: { Host: target.host, 'Content-Length': sent.body.length, ...sent.headers },
  });
  const timeoutMs = timeoutOf(sent);
  const timer = setTimeout(() => request.destroy(noAnswer(url, timeoutMs)), timeoutMs);
  request.on('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    reject(error instanceof WatchlineError ? error : unreachableBecause(url, error));
  });
  request.on('response', (response) => {
    const body = new AnswerBody();
    response.on('data', (chunk: Buffer) => {
      try {
        body.add(chunk);
      } catch (error) {
        request.destroy(error as Error);
        reject(error);
      }
    });
    response.on('error', (error) => reject(unreachableBecause(url, error)));
    response.on('close', () => {
      clearTimeout(timer);
      if (response.complete) resolve(answerOf(response, body));
      else reject(unreachableBecause(url, Object.assign(new Error('cut'), { code: 'ECONNRESET' })));
    });
  });
  request.end(sent.body);
  return promise;
}

function answerOf({ statusCode, headers }: IncomingMessage, body: AnswerBody): HubAnswer {
  return {
    status: statusCode!,
    contentType: typeOf(headers['content-type']),
    retryAfter: headers['retry-after'] ?? null,
    location: headers.location ?? null,
    body: body.whole(),
  };
}

/** Of a `Content-Type` header: the type alone. */
export function typeOf(header: string | undefined): string {
  return (header ?? '').split(';')[0]!.trim().toLowerCase();
}

export function noAnswer(url: URL, timeoutMs: number): WatchlineError {
  return new WatchlineError(
    'no-answer',
    `${url.host} did not answer within ${Math.round(timeoutMs / 1_000)} s.`,
    { remedy: 'Check the network in between, and whether the hub is busy.', isRetryable: true },
  );
}
