/** The rules of the hub, for those who may change them: asked for while a component shows them, and again when one was changed. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { paths } from '../../shared/protocol.ts';
import { alertRules, type AlertRule } from '../../shared/schema/alerts.ts';
import { askHub } from '../app/ask-hub.ts';
import { askOnAudit } from '../app/ask-on-audit.ts';
import { usePolling } from '../app/use-polling.ts';
import { useBundlePage } from '../bundle/bundle-page.ts';
import { useSession } from '../session/session.ts';

/** A change is told at once; this is for a hub that did not answer. */
const ASK_EVERY_MS = 30_000;

export interface KnownRules {
  /** Null: not known, or not to be known. */
  readonly rules: ShallowRef<readonly AlertRule[] | null>;
  /** How many are armed; null where that is not known. */
  readonly armed: ComputedRef<number | null>;
  /** Why the newest asking came to nothing; null: it did not. */
  readonly refusal: ShallowRef<string | null>;
}

export function useAlertRules(): KnownRules {
  const rules: KnownRules['rules'] = shallowRef(null);
  const refusal: KnownRules['refusal'] = shallowRef(null);
  const armed = computed(() => rules.value?.filter(({ isArmed }) => isArmed).length ?? null);
  if (useSession().may('manage') && useBundlePage() === null) {
    const { askNow } = usePolling(ask, ASK_EVERY_MS);
    askOnAudit(['alert-rule-changed'], askNow);
  }
  return { rules, armed, refusal };

  async function ask(signal: AbortSignal): Promise<void> {
    const answer = await askHub(paths.alertRules, alertRules, { signal });
    if (signal.aborted) return;
    if (answer.isGood) rules.value = answer.value.rules;
    refusal.value = answer.isGood ? null : answer.sentence;
  }
}
