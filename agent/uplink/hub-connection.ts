/**
 * The way to the hub: one connection, kept open, made anew when it broke. Whoever asks it for an answer has it verified first: nothing
 * is written before the peer is known to be the hub.
 */
import type { Trust } from '../../link/tls/trust.ts';
import { openHttp1 } from './http1-connection.ts';

/** Answers are small: a thousand refusals at most. */
export const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
/** Connecting, and the handshake. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** From the last byte of the request to the last of the answer: the hub waits for its disk. */
const ANSWER_TIMEOUT_MS = 20_000;
/** A way slower than this is as good as none. */
const SLOWEST_BYTES_PER_SECOND = 4 * 1024;

export interface HubRequest {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Of the whole request. Default: by the size of the body. */
  timeoutMs?: number;
}

export interface HubAnswer {
  status: number;
  /** Lower case, without parameters; empty where the answer names none. */
  contentType: string;
  retryAfter: string | null;
  location: string | null;
  body: Buffer;
}

export interface HubConnection extends AsyncDisposable {
  /** Connects where needed. Rejects with a `WatchlineError`: `unreachable`, `no-answer`, `answer-too-large`, or one of trust. */
  post(request: HubRequest): Promise<HubAnswer>;
  /** Of the connection that is open; null: none is. */
  readonly protocol: 'HTTP/1.1' | 'HTTP/2' | null;
}

export interface HubConnectionOptions {
  /** Its origin counts. */
  url: URL;
  /** Not looked at for http, which goes to this machine alone. */
  trust: Trust;
}

/** Connects with the first request. TLS and HTTP/2 take memory: they are imported only where they are used. */
export async function openHubConnection(options: HubConnectionOptions): Promise<HubConnection> {
  if (options.url.protocol === 'http:') return openHttp1(options.url, null);
  const { SecureConnection } = await import('./secure-connection.ts');
  return new SecureConnection(options);
}

export function timeoutOf({ timeoutMs, body }: HubRequest): number {
  return timeoutMs ?? ANSWER_TIMEOUT_MS + (body.length / SLOWEST_BYTES_PER_SECOND) * 1_000;
}
