/**
 * CORS: which pages of other origins a browser lets read this hub's answers. Listed origins only, each by its own name: never
 * "*", never "null". A session cookie opens nothing for them either way (see `refuseForeignPage`): they bring a token.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Browsers ask again after this time. */
const PREFLIGHT_SECONDS = 600;

export class CrossOrigin {
  readonly #allowed: ReadonlySet<string>;

  /** As browsers write them: "https://dash.example", "http://localhost:5173". */
  constructor(allowedOrigins: readonly string[]) {
    this.#allowed = new Set(allowedOrigins);
  }

  /** Of every answer: a cache must not hand one page's answer to another. None where no origin is listed. */
  headersFor({ origin }: IncomingHttpHeaders): Record<string, string> {
    if (this.#allowed.size === 0) return {};
    if (origin === undefined || !this.#allowed.has(origin)) return { Vary: 'Origin' };
    return {
      Vary: 'Origin',
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'Retry-After, WWW-Authenticate',
    };
  }

  /** True where a listed origin asks what it may send. */
  isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
    return (
      method === 'OPTIONS' &&
      headers['access-control-request-method'] !== undefined &&
      headers.origin !== undefined &&
      this.#allowed.has(headers.origin)
    );
  }

  preflightHeaders(headers: IncomingHttpHeaders, methods: readonly string[]): Record<string, string> {
    return {
      ...this.headersFor(headers),
      Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Last-Event-ID',
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    };
  }
}
