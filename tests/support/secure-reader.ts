/** Clients of a hub with TLS, over both protocols: they trust its own certificate and nothing else. */
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { readFileSync } from 'node:fs';
import { request as requestHttps } from 'node:https';
import { createParser } from 'eventsource-parser';
import { pinnedTo } from '../../link/tls/pinned.ts';
import type { TestHub } from './start-test-hub.ts';

export type Protocol = 'HTTP/1.1' | 'HTTP/2';

export interface SecureAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface SecureRequest {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request on a connection of its own. */
export function ask(hub: TestHub, protocol: Protocol, request: SecureRequest): Promise<SecureAnswer> {
  return protocol === 'HTTP/2' ? askHttp2(hub, request) : askHttp1(hub, request);
}

export function bearer(hub: TestHub): Record<string, string> {
  return { authorization: `Bearer ${hub.ownerToken}` };
}

export function certificateOf(hub: TestHub): string {
  return readFileSync(hub.certificate!.file, 'utf8');
}

/** Closed when disposed. Errors of the session show in its streams. */
export function openSession(hub: TestHub): ClientHttp2Session & Disposable {
  const session = connectHttp2(hub.origin, { ca: certificateOf(hub) });
  session.on('error', () => undefined);
  return Object.assign(session, { [Symbol.dispose]: () => session.destroy() });
}

/** Names and ids of the events of one stream of a session, as they come. */
export function readHttp2Stream(
  session: ClientHttp2Session,
  hub: TestHub,
  query = '',
): {
  events: { name: string; id: string }[];
  headers: Promise<IncomingHttpHeaders>;
  closed: Promise<void>;
  cancel(): void;
} {
  const stream = session.request({ ':path': `/api/v1/stream${query}`, ...bearer(hub) });
  const events: { name: string; id: string }[] = [];
  const parser = createParser({
    onEvent: ({ event, id }) => void events.push({ name: event ?? '', id: id ?? '' }),
  });
  stream.setEncoding('utf8').on('data', (text: string) => parser.feed(text));
  stream.on('error', () => undefined);
  return {
    events,
    headers: new Promise((resolve) => stream.once('response', resolve)),
    closed: new Promise((resolve) => stream.once('close', resolve)),
    cancel: () => stream.close(8),
  };
}

function askHttp1(
  hub: TestHub,
  { path, method = 'GET', headers = {}, body }: SecureRequest,
): Promise<SecureAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SecureAnswer>();
  const request = requestHttps(new URL(path, hub.origin), {
    method,
    headers,
    agent: false,
    ...pinnedTo(hub.certificate!.file),
  });
  request.on('error', reject);
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({ status: response.statusCode!, headers: response.headers, body: text }),
    );
  });
  request.end(body);
  return promise;
}

async function askHttp2(
  hub: TestHub,
  { path, method = 'GET', headers = {}, body }: SecureRequest,
): Promise<SecureAnswer> {
  using session = openSession(hub);
  const { promise, resolve, reject } = Promise.withResolvers<SecureAnswer>();
  const stream = session.request({ ':path': path, ':method': method, ...headers });
  let text = '';
  let answer: IncomingHttpHeaders & { ':status'?: number | undefined } = {};
  stream.on('response', (received) => (answer = received));
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  stream.on('error', reject);
  stream.on('close', () => {
    if (answer[':status'] === undefined) reject(new Error('The stream ended without an answer'));
    else resolve({ status: answer[':status'], headers: answer, body: text });
  });
  stream.end(body);
  return await promise;
}
