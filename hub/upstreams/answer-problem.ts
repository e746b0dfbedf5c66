/** An answer that is no stream, put into one clear sentence, and when to ask again. */
import type { IncomingMessage } from 'node:http';
import { WatchlineError } from '../../shared/errors.ts';
import { problem } from '../../shared/snapshot.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { RefusedTargetError } from './refused-target-error.ts';

const MAX_PROBLEM_BYTES = 64 * 1024;
const PROBLEM_LIMIT_MS = 5_000;
/** A server that wants to be left alone for longer is asked after this nevertheless. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** The other hub's refusal. `isRetryable` as its status says. */
export class AnswerError extends WatchlineError {
  /** From `Retry-After`; null: it says nothing. */
  readonly retryAfterMs: number | null;

  constructor(message: string, remedy: string, isRetryable: boolean, retryAfterMs: number | null = null) {
    super('upstream-refused', message, { remedy, isRetryable });
    this.retryAfterMs = retryAfterMs;
  }
}

/** Never returns. `type` is the answer's content type, without parameters. */
export async function refuseAnswer(response: IncomingMessage, url: URL, type: string): Promise<never> {
  const { statusCode: status = 0 } = response;
  if (type === 'text/html') {
    response.destroy();
    throw notAHub(
      `${url.origin} answered ${status} with a web page, as a login page or a captive portal does.`,
    );
  }
  const said = type === 'application/json' ? await readProblem(response) : null;
  response.destroy();
  const words = said === null ? '' : `: ${visibleText(said.message).slice(0, 300)}`;
  const retryAfterMs = retryAfterOf(response);
  if (status === 401 || status === 403) {
    throw new AnswerError(
      `The hub at ${url.origin} refused the token (${status})${words || '.'}`,
      'Remove it here and add it again with a token that is valid there. A hub keeps its token with --token-file.',
      false,
      retryAfterMs,
    );
  }
  if (status === 429 || status >= 500) {
    throw new AnswerError(
      `${url.origin} answered ${status}${words || '.'}`,
      'It is asked again by itself.',
      true,
      retryAfterMs,
    );
  }
  throw notAHub(
    `${url.origin} answered ${status}${type === '' ? '' : ` with ${JSON.stringify(type.slice(0, 64))}`}, not a stream of events${words || '.'}`,
  );
}

async function readProblem(response: IncomingMessage): Promise<{ message: string } | null> {
  const timer = setTimeout(() => response.destroy(), PROBLEM_LIMIT_MS);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((bytes += chunk.length) > MAX_PROBLEM_BYTES) return null;
    }
    return problem.parse(JSON.parse(Buffer.concat(chunks).toString())).error;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** In seconds or as a date (RFC 9110, 10.2.3); null: it says nothing. */
export function retryAfterOf({ headers }: Pick<IncomingMessage, 'headers'>): number | null {
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : null;
}

function notAHub(message: string): RefusedTargetError {
  return new RefusedTargetError(
    'not-a-stream',
    message,
    'Check the address: it must be one of a Watchline hub.',
  );
}
