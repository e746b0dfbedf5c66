/** The hub's share links, asked for while the Share screen is shown, and at once when one is made, changed, opened or ended. */
import { shallowRef, watch, type ShallowRef } from 'vue';
import type { SharesAnswer } from '../../../shared/schema/shares.ts';
import { askOnAudit } from '../../app/ask-on-audit.ts';
import { usePolling } from '../../app/use-polling.ts';
import { listShares } from '../../share/ask-shares.ts';
import { useDashboard } from '../../store/dashboard.ts';

/** The stream tells when to ask; this is for what it did not. */
const ASK_EVERY_MS = 60_000;
const shareKinds = [
  'share-created',
  'share-changed',
  'share-paused',
  'share-resumed',
  'share-revoked',
  'share-expired',
  'share-opened',
] as const;

export interface SharesFeed {
  /** The newest answer; null before the first. */
  readonly answer: ShallowRef<SharesAnswer | null>;
  /** Why the newest question has no answer; null: it has. */
  readonly refusal: ShallowRef<string | null>;
  askNow(): void;
}

export function useShares(): SharesFeed {
  const { presence } = useDashboard();
  const answer: ShallowRef<SharesAnswer | null> = shallowRef(null);
  const refusal: ShallowRef<string | null> = shallowRef(null);

  const { askNow } = usePolling(async (signal) => {
    const asked = await listShares(signal);
    if (signal.aborted) return;
    if (asked.isGood) answer.value = asked.value;
    refusal.value = asked.isGood ? null : asked.sentence;
  }, ASK_EVERY_MS);
  askOnAudit(shareKinds, askNow);
  // Who left was there until now.
  watch(presence.byShare, askNow);
  return { answer, refusal, askNow };
}
