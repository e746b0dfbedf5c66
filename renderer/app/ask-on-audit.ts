/** Asks again at once when the hub tells that something of these kinds was done, by whomever: a list is as new as the stream. */
import { watch } from 'vue';
import type { AuditKind } from '../../shared/schema/audit.ts';
import { useDashboard } from '../store/dashboard.ts';

/** As long as the calling component lives. */
export function askOnAudit(kinds: readonly AuditKind[], askNow: () => void): void {
  const { audit } = useDashboard();
  watch(() => audit.entries.value.findLast(({ kind }) => kinds.includes(kind))?.id, askNow);
}
