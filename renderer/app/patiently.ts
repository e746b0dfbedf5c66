/** A hub answers a few searches and reads of its history at a time, and refuses others with 429: they are asked again, for a while. */
import { historyProblems } from '../../shared/schema/history.ts';
import { searchProblems } from '../../shared/schema/log-search.ts';
import type { HubAnswer } from './ask-hub.ts';

const busyCodes: ReadonlySet<string> = new Set([historyProblems.busy, searchProblems.busy]);

/** Short at first: mostly it is one's own question before this one, which the hub has not yet seen given up. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;
/** About ten seconds in all. */
const MAX_TRIES = 13;

/** The answer of `ask`, which must never throw; after an abort it means nothing. */
export async function patiently<Value>(
  signal: AbortSignal | undefined,
  ask: () => Promise<HubAnswer<Value>>,
): Promise<HubAnswer<Value>> {
  let waitMs = FIRST_WAIT_MS;
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    const isBusy = !answer.isGood && busyCodes.has(answer.code);
    if (!isBusy || tries === MAX_TRIES) return answer;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (signal?.aborted === true) return answer;
    waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs);
  }
}
