/** Answers under way: as many as may be, ended when what opened them opens nothing any more, when nobody waits, and when they take too long. */
import type { ServerResponse } from 'node:http';
import { HISTORY_MS, historyProblems } from '../../../shared/schema/history.ts';
import type { Reader } from '../../access/caller.ts';
import type { Ender, EndReason } from '../../access/endings.ts';
import { ProblemError } from '../../http/problem.ts';

/** Of all viewers together, so that the owner finds room. A page asks for a few charts at a time. */
const MAX_VIEWER_ANSWERS = 8;
const MAX_ANSWERS = 32;

interface OpenAnswer {
  credential: string;
  role: Reader['role'];
  ending: AbortController;
}

/** The reason of its signal where an answer took too long. */
export const tookTooLong = Symbol('took too long');

export class OpenAnswers implements Ender {
  readonly #open = new Set<OpenAnswer>();

  /**
   * Runs one. The signal's reason is a `ProblemError` where it was ended, `tookTooLong` where it took too long, and neither where the reader
   * has left. Throws a 429 `ProblemError` where there is no room.
   */
  async during<T>(
    response: ServerResponse,
    { credential, role, sight }: Reader,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.#leaveRoom(role);
    const ending = new AbortController();
    const leave = () => ending.abort();
    const open = { credential, role, ending };
    const leftMs = Math.max(0, (sight.endsAt ?? Infinity) - Date.now());
    const timer =
      leftMs < HISTORY_MS
        ? setTimeout(() => ending.abort(endedBy('expired')), leftMs)
        : setTimeout(() => ending.abort(tookTooLong), HISTORY_MS);
    this.#open.add(open);
    response.once('close', leave);
    try {
      return await run(ending.signal);
    } finally {
      clearTimeout(timer);
      response.off('close', leave);
      this.#open.delete(open);
    }
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    for (const { credential, ending } of this.#open) if (fits(credential)) ending.abort(endedBy(reason));
  }

  #leaveRoom(role: Reader['role']): void {
    const viewers = [...this.#open].filter((open) => open.role === 'viewer').length;
    const isFull = this.#open.size >= MAX_ANSWERS || (role === 'viewer' && viewers >= MAX_VIEWER_ANSWERS);
    if (!isFull) return;
    throw new ProblemError(429, historyProblems.busy, 'As many ask for the history as may at a time.', {
      remedy: 'Try again in a moment.',
      isRetryable: true,
      headers: { 'Retry-After': '1' },
    });
  }
}

function endedBy(reason: EndReason): ProblemError {
  if (reason === 'rotate')
    return new ProblemError(409, reason, 'What may be seen has changed.', { remedy: 'Ask again.' });
  return new ProblemError(403, reason, 'What opened this answer opens nothing any more.', {
    remedy: 'Ask for a new link or token.',
  });
}
