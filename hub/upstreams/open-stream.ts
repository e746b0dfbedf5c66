/**
 * Opens another hub's stream: a checked address, a verified peer, then the request. Redirects are followed within the
 * same origin only, so the token never goes to another.
 */
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { connectVerified, unreachable, unreachableBecause } from '../../link/tls/connect-verified.ts';
import type { Trust } from '../../link/tls/trust.ts';
import { refuseAnswer } from './answer-problem.ts';
import { RefusedTargetError } from './refused-target-error.ts';
import type { TargetGuard } from './target-guard.ts';

/** For connection and handshake, and again for the answer's head. */
const ANSWER_LIMIT_MS = 10_000;
const MAX_REDIRECTS = 3;
const MAX_HEADER_BYTES = 16 * 1024;

export interface OpenStreamOptions {
  url: URL;
  token: string | null;
  cursor: string | null;
  trust: Trust;
  guard: TargetGuard;
  signal: AbortSignal;
}

/**
 * The stream's text, still in bytes. Throws a `RefusedTargetError`, an `UntrustedError` or an `AnswerError` where another try
 * soon is of no use, and other errors where it may be.
 */
export async function openStream(options: OpenStreamOptions): Promise<Readable> {
  let { url } = options;
  for (let hops = 0; ; hops++) {
    const response = await ask({ ...options, url });
    const next = redirectOf(response, url);
    if (next === null) return await bodyOf(response, url);
    response.destroy();
    if (next.origin !== url.origin) throw foreignRedirect(url, next);
    if (hops >= MAX_REDIRECTS) throw foreignRedirect(url, next, 'again and again');
    url = next;
  }
}

async function ask({
  url,
  token,
  cursor,
  trust,
  guard,
  signal,
}: OpenStreamOptions): Promise<IncomingMessage> {
  const socket = await openSocket({ url, trust, guard, signal });
  return await new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      path: url.pathname + url.search,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
      headers: {
        host: url.host,
        accept: 'text/event-stream',
        'accept-encoding': 'gzip',
        connection: 'close',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(cursor !== null && { 'last-event-id': cursor }),
      },
    });
    const timer = setTimeout(() => {
      asked.destroy(unreachable(url, `does not answer within ${ANSWER_LIMIT_MS / 1000} s`));
    }, ANSWER_LIMIT_MS);
    asked.once('close', () => clearTimeout(timer));
    asked.once('error', (error) => reject(signal.aborted ? error : named(url, error)));
    asked.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    asked.end();
  });
}

/** Also for a probe of what stands there. */
export async function openSocket({
  url,
  trust,
  guard,
  signal,
}: Pick<OpenStreamOptions, 'url' | 'trust' | 'guard' | 'signal'>): Promise<Socket> {
  const address = await guard.addressOf(url);
  if (url.protocol === 'http:') return await connectPlain(url, address, signal);
  return await connectVerified({
    url,
    trust,
    address,
    signal,
    protocols: ['http/1.1'],
    timeoutMs: ANSWER_LIMIT_MS,
  });
}

function connectPlain(url: URL, address: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: Number(url.port || 80), signal });
    const timer = setTimeout(() => {
      socket.destroy(unreachable(url, `does not answer within ${ANSWER_LIMIT_MS / 1000} s`));
    }, ANSWER_LIMIT_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', (error) => reject(signal.aborted ? error : named(url, error)));
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function named(url: URL, error: NodeJS.ErrnoException): Error {
  return 'isRetryable' in error ? error : unreachableBecause(url, error);
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, url: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return null;
  const next = URL.parse(headers.location ?? '', url.href);
  if (next === null) {
    throw new RefusedTargetError(
      'not-a-stream',
      `${url.origin} answered ${statusCode} without a place to go to.`,
      'Check the address.',
    );
  }
  return next;
}

async function bodyOf(response: IncomingMessage, url: URL): Promise<Readable> {
  const type = (response.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (response.statusCode !== 200 || type !== 'text/event-stream')
    return await refuseAnswer(response, url, type);
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return response;
  if (encoding === 'gzip') {
    const text = createGunzip();
    // What fails on either side ends the other.
    response.once('error', (error) => text.destroy(error));
    response.once('aborted', () => text.destroy(new Error('the connection was cut')));
    text.once('close', () => response.destroy());
    return response.pipe(text);
  }
  response.destroy();
  throw new RefusedTargetError(
    'not-a-stream',
    `${url.origin} sends its stream as ${JSON.stringify(encoding.slice(0, 32))}, which nobody asked for.`,
    'Let what stands before that hub pass its stream on unchanged.',
  );
}

function foreignRedirect(from: URL, to: URL, why = 'elsewhere'): RefusedTargetError {
  return new RefusedTargetError(
    'foreign-redirect',
    `${from.origin} sends readers ${why}, to ${to.origin}; the token does not go there.`,
    `If that is the hub, add ${to.origin} as its address.`,
  );
}
