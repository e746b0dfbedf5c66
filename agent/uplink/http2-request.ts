/** One request on a session of HTTP/2. */
import { constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { unreachable, unreachableBecause } from '../../link/tls/connect-verified.ts';
import { AnswerBody } from './answer-body.ts';
import { timeoutOf, type HubAnswer, type HubRequest } from './hub-connection.ts';
import { noAnswer, typeOf } from './http1-connection.ts';

/** A session whose request is not answered is ended, because its other requests would wait in vain too. */
export function postByHttp2(session: ClientHttp2Session, url: URL, sent: HubRequest): Promise<HubAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HubAnswer>();
  if (session.destroyed || session.closed) throw unreachable(url, 'closed the connection');
  const stream = session.request({
    ':method': 'POST',
    // Node's own has an IPv6 address without its brackets, which is no name of any hub.
    ':authority': url.host,
    ':path': sent.path,
    ...sent.headers,
  });
  const timeoutMs = timeoutOf(sent);
  const timer = setTimeout(() => {
    reject(noAnswer(url, timeoutMs));
    session.destroy();
  }, timeoutMs);
  const body = new AnswerBody();
  let head: (IncomingHttpHeaders & { ':status'?: number | undefined }) | null = null;
  let hasEnded = false;
  stream.on('response', (headers) => (head = headers));
  stream.on('data', (chunk: Buffer) => {
    try {
      body.add(chunk);
    } catch (error) {
      reject(error);
      stream.close(constants.NGHTTP2_CANCEL);
    }
  });
  stream.on('end', () => (hasEnded = true));
  stream.on('error', (error: NodeJS.ErrnoException) => reject(unreachableBecause(url, error)));
  stream.on('close', () => {
    clearTimeout(timer);
    if (head === null || !hasEnded) reject(unreachable(url, 'closed the connection without an answer'));
    else resolve(answerOf(head, body));
  });
  stream.end(sent.body);
  return promise;
}

function answerOf(
  headers: IncomingHttpHeaders & { ':status'?: number | undefined },
  body: AnswerBody,
): HubAnswer {
  return {
    status: headers[':status'] ?? 0,
    contentType: typeOf(headers['content-type']),
    retryAfter: headers['retry-after'] ?? null,
    location: headers.location ?? null,
    body: body.whole(),
  };
}
