/** One request to a hub, up to the head of its answer; and what stands in an answer that is not a success. */
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { pinnedTo } from '../../link/tls/pinned.ts';
import { problem, type Problem } from '../../shared/snapshot.ts';
import type { StreamPlace } from './find-stream.ts';

export interface OpenAnswerOptions extends StreamPlace {
  /** Besides the token. */
  headers: Readonly<Record<string, string>>;
  /** Nothing came for so long after the head: the answer is given up. */
  silenceMs: number;
  signal: AbortSignal;
}

const MAX_PROBLEM_BYTES = 64 * 1024;
const ANSWER_LIMIT_MS = 10_000;

/** Rejects where the hub cannot be reached, or says nothing. No redirect is followed, because the token must not be. */
export function openAnswer(options: OpenAnswerOptions): Promise<IncomingMessage> {
  const { url, token, certificateFile, headers, silenceMs, signal } = options;
  const secret = token();
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      ...(certificateFile !== null && pinnedTo(certificateFile)),
      signal,
      agent: false,
      headers: { ...headers, ...(secret !== null && { authorization: `Bearer ${secret}` }) },
    });
    request.setTimeout(ANSWER_LIMIT_MS, () => request.destroy(new Error(`no answer from ${url.origin}`)));
    request.on('error', reject);
    request.on('response', (response) => {
      request.setTimeout(silenceMs, () => response.destroy(new Error('the stream fell silent')));
      resolve(response);
    });
    request.end();
  });
}

/** Null: it holds none. */
export async function readProblem(response: IncomingMessage): Promise<Problem['error'] | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_PROBLEM_BYTES) break;
  }
  try {
    return problem.parse(JSON.parse(Buffer.concat(chunks).toString())).error;
  } catch {
    return null;
  }
}
