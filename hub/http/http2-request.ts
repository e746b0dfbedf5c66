/**
 * What is different about a request that came by HTTP/2. It is node:http2's compatibility object, used as one of node:http; only its stream
 * and its authority are its own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';

/** RFC 9113, section 7. */
const NO_ERROR = 0x0;
const CANCEL = 0x8;

/** Null for HTTP/1.1. */
export function http2StreamOf(request: IncomingMessage): ServerHttp2Stream | null {
  return request.httpVersionMajor === 2 ? (request as unknown as { stream: ServerHttp2Stream }).stream : null;
}

/** What the client calls this hub. RFC 9113, 8.3.1: where both are sent they have to agree; else it is neither. */
export function authorityOf({ headers }: IncomingMessage): string | undefined {
  const authority = headers[':authority'] as string | undefined;
  if (authority !== undefined && headers.host !== undefined && headers.host !== authority) return undefined;
  return authority ?? headers.host;
}

/** HTTP/1.1 requests have this from their server's `requestTimeout`. */
export function limitRequestTime(request: IncomingMessage, stream: ServerHttp2Stream, limitMs: number): void {
  if (stream.endAfterHeaders) return;
  const timer = setTimeout(() => {
    if (!request.complete) stream.close(CANCEL);
  }, limitMs);
  stream.once('close', () => clearTimeout(timer));
}

/** The answer is all there will be: what more comes of the request is not waited for. */
export function closeAfterAnswer(response: ServerResponse, stream: ServerHttp2Stream): void {
  response.once('finish', () => stream.close(NO_ERROR));
}
