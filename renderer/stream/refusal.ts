/** What an answer means that is not the one asked for, and when to ask again. */
import { shareEndOf, type ShareEnd } from '../session/share-end.ts';

export interface Refusal {
  kind: 'refused';
  /** `absent`: this hub does not know the address. */
  why: 'signed-out' | 'busy' | 'intercepted' | 'absent' | 'unreachable';
  /** From `Retry-After`; null where the answer names no time. */
  retryAfterMs: number | null;
  /** What the hub said of the share that was asked for; null: nothing. */
  end: ShareEnd | null;
}

export const unreachable: Refusal = { kind: 'refused', why: 'unreachable', retryAfterMs: null, end: null };

/** A longer wait than this is taken for a mistake. */
const maxRetryAfterMs = 3_600_000;

/** Reads the answer's body, where it may tell more. Never throws. */
export async function refusalOf(answer: Response, now: number = Date.now()): Promise<Refusal> {
  return {
    kind: 'refused',
    why: reasonOf(answer),
    retryAfterMs: retryAfterMs(answer.headers, now),
    end: await shareEndOf(answer),
  };
}

function reasonOf(answer: Response): Refusal['why'] {
  if (answer.status === 401 || answer.status === 403) return 'signed-out';
  if (answer.status === 404 || answer.status === 405) return 'absent';
  // A success with the wrong body, or somewhere else altogether: nobody but a stranger answers so.
  if (answer.redirected || (answer.ok && answer.status !== 204)) return 'intercepted';
  return 'busy';
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3). */
function retryAfterMs(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * 1000, maxRetryAfterMs);
  // A date begins with its day's name; Date.parse alone would read "-5" as one.
  const ms = /^[A-Z]/.test(text) ? Date.parse(text) - now : NaN;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), maxRetryAfterMs) : null;
}
