/** An exchange: one request and the answer to it, as handlers see them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Caller, Reader } from '../access/caller.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** What stands in the path where the route has a `:name`. */
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Null on public routes. */
  readonly caller: Caller | null;
  /** Of the client: the other end of the connection, or whom a trusted proxy names. */
  readonly address: string;
  /** What the client calls this hub: the host and port of the address it uses. */
  readonly authority: string;
  /** Whether the client came by TLS: its cookies are then to be `Secure`. */
  readonly isSecure: boolean;
  /** Of the listener it came in by. Cookies do not tell ports apart: their names do. */
  readonly port: number;
  /** What every answer carries besides its own headers (CORS); already set on `response`. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * HTTP/1.1: lets go of request, response and parser once this turn's parsing is over, and hands over the bare socket.
   * HTTP/2: hands over the request's stream. Must be called within the handler's first turn, on a request without a body.
   */
  takeSocket(begin: (stream: Socket | ServerHttp2Stream) => void): void;
}

/** The caller, on a route that only those may ask who may see something. */
export function readerOf({ caller }: Pick<Exchange, 'caller'>): Reader {
  return caller as Reader;
}

/** Handlers answer, or throw a `ProblemError`. */
export type Handler = (exchange: Exchange) => void | Promise<void>;

export function answer(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

export function answerJson(
  exchange: Pick<Exchange, 'request' | 'response'>,
  value: unknown,
  status = 200,
  headers = {},
): void {
  answer(exchange, status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}
