/** A list of what has access, asked for again and again and after what changes it, and the deed that is about to be done to one of it. */
import { shallowRef, type ShallowRef } from 'vue';
import type { AuditKind } from '../../../../shared/schema/audit.ts';
import type { HubAnswer } from '../../../app/ask-hub.ts';
import { askOnAudit } from '../../../app/ask-on-audit.ts';
import { usePolling } from '../../../app/use-polling.ts';
import type { Deed } from '../../../components/deed.ts';

const ASK_EVERY_MS = 10_000;

export interface AccessList<Answer> {
  /** Null before the first answer. */
  readonly answer: ShallowRef<Answer | null>;
  /** Why it could not be had, for people. */
  readonly refusal: ShallowRef<string | null>;
  /** Waits to be confirmed. */
  readonly asking: ShallowRef<Deed | null>;
  askNow(): void;
}

/** `kinds`: what changes the list, as the audit log calls it. */
export function useAccessList<Answer>(
  ask: (signal: AbortSignal) => Promise<HubAnswer<Answer>>,
  kinds: readonly AuditKind[],
): AccessList<Answer> {
  const answer = shallowRef<Answer | null>(null);
  const refusal = shallowRef<string | null>(null);
  const { askNow } = usePolling(async (signal) => {
    const found = await ask(signal);
    if (signal.aborted) return;
    if (found.isGood) answer.value = found.value;
    refusal.value = found.isGood ? null : found.sentence;
  }, ASK_EVERY_MS);
  askOnAudit(kinds, askNow);
  return { answer, refusal, asking: shallowRef<Deed | null>(null), askNow };
}
