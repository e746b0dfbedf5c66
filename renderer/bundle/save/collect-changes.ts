/** What changed against the time before the window: that is not in the bundle, so the hub is asked while it knows. */
import { paths } from '../../../shared/protocol.ts';
import { historyChanges } from '../../../shared/schema/history.ts';
import { askHub } from '../../app/ask-hub.ts';
import type { Collecting } from './collect-bundle.ts';
import { redactedChanges } from './redacted-series.ts';

const TIMEOUT_MS = 20_000;

/** Without it the page of the bundle compares what it holds. */
export async function collectChanges({
  wish,
  signal,
  writer,
  redactText,
  breathe,
}: Collecting): Promise<void> {
  for (const host of wish.hosts) {
    const question = new URLSearchParams({ host, from: String(wish.from), to: String(wish.to) });
    const answer = await askHub(`${paths.historyChanges}?${question.toString()}`, historyChanges, {
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    signal.throwIfAborted();
    if (answer.isGood) {
      const told = wish.isRedacted ? redactedChanges(answer.value, redactText) : answer.value;
      writer.add({ kind: 'changes', answer: told });
    }
    await breathe();
  }
}
