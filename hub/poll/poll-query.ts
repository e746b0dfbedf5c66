/** The parameters of a poll: those of a stream, the cursor by its own name, and how long to wait. */
import { MAX_POLL_WAIT_SECONDS } from '../../shared/poll.ts';
import type { Sight } from '../access/sight.ts';
import { badParameter } from '../http/parameters.ts';
import { parseStreamQuery, type StreamQuery } from '../stream/view.ts';

export interface PollQuery extends StreamQuery {
  waitMs: number;
}

/** Throws a 400 `ProblemError` that names the parameter and what it may hold. */
export function parsePollQuery(query: URLSearchParams, sight: Sight): PollQuery {
  return {
    ...parseStreamQuery(query, null, sight, { cursorName: 'cursor', others: ['wait'] }),
    waitMs: parseWait(query) * 1000,
  };
}

function parseWait(query: URLSearchParams): number {
  const text = query.get('wait');
  if (text === null) return MAX_POLL_WAIT_SECONDS;
  const seconds = /^\d{1,2}$/.test(text) ? Number(text) : Infinity;
  if (seconds > MAX_POLL_WAIT_SECONDS)
    throw badParameter('wait', `may be 0 to ${MAX_POLL_WAIT_SECONDS} seconds`);
  return seconds;
}
