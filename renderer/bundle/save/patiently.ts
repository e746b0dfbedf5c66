/** Asks again where the hub answers as many as it may already, as it says with 429. */
import type { HubAnswer } from '../../app/ask-hub.ts';
import { historyProblems } from '../../../shared/schema/history.ts';
import { searchProblems } from '../../../shared/schema/log-search.ts';

const WAIT_MS = 1_000;
const MOST_TRIES = 10;

/** Throws where it was given up meanwhile. */
export async function patiently<Value>(
  signal: AbortSignal,
  ask: () => Promise<HubAnswer<Value>>,
): Promise<HubAnswer<Value>> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    signal.throwIfAborted();
    const isBusy =
      !answer.isGood && (answer.code === historyProblems.busy || answer.code === searchProblems.busy);
    if (!isBusy || tries === MOST_TRIES) return answer;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
