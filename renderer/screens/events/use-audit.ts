/** The audit log for the Events screen: the newest entries come with the stream, what was before is read when asked for. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { paths } from '../../../shared/protocol.ts';
import { auditAnswer, AUDIT_LIMIT } from '../../../shared/schema/audit.ts';
import { askHub } from '../../app/ask-hub.ts';
import { useSession } from '../../session/session.ts';
import { useDashboard } from '../../store/dashboard.ts';

export interface AuditReading {
  /** False for those who may not read it, and where all was read. */
  readonly hasOlder: ShallowRef<boolean>;
  /** Why the last reading came to nothing; null: it did not. */
  readonly refusal: ShallowRef<string | null>;
  readOlder(): Promise<void>;
}

/** Reads the newest page at once. Lives as long as the calling scope. */
export function useAudit(): AuditReading {
  const { audit } = useDashboard();
  const { may } = useSession();
  const hasOlder = shallowRef(false);
  const refusal = shallowRef<string | null>(null);
  const leaving = new AbortController();
  let next: number | null = null;

  onScopeDispose(() => leaving.abort());
  if (may('audit')) void readOlder();
  return { hasOlder, refusal, readOlder };

  async function readOlder(): Promise<void> {
    const query = new URLSearchParams({ limit: String(AUDIT_LIMIT) });
    if (next !== null) query.set('before', String(next));
    const answer = await askHub(`${paths.audit}?${query.toString()}`, auditAnswer, {
      signal: leaving.signal,
    });
    if (leaving.signal.aborted) return;
    refusal.value = answer.isGood ? null : answer.sentence;
    if (!answer.isGood) return;
    audit.take(answer.value.entries);
    next = answer.value.next;
    hasOlder.value = next !== null;
  }
}
