/** What is written into the audit log, and by whom it was done. Whoever lets somebody in, or changes something, records it. */
import type { AuditEntry, AuditKind } from '../../shared/schema/audit.ts';
import type { Caller } from '../access/caller.ts';

export interface AuditDraft {
  kind: AuditKind;
  actor: AuditEntry['actor'];
  /** Default null: the hub as a whole. */
  subject?: AuditEntry['subject'];
  /** Default none. Never a secret, nor anything a secret could be worked out from. */
  details?: AuditEntry['details'];
}

export interface Audit {
  /** Never throws, never waits: what cannot be written is reported, and the hub goes on. */
  record(draft: AuditDraft): void;
}

/** The hub by itself. */
export const hubItself: AuditEntry['actor'] = { role: 'hub', name: null, address: null };

/** Null: nobody the hub knows. `name`: what a viewer calls himself. */
export function actorOf(
  caller: Caller | null,
  address: string,
  name: string | null = null,
): AuditEntry['actor'] {
  if (caller === null) return { role: 'unknown', name, address };
  if (caller.role === 'agent') return { role: 'agent', name: caller.host, address };
  if (caller.role === 'operator') return { role: 'operator', name: caller.name, address };
  if (caller.role === 'viewer') return { role: 'viewer', name: name ?? caller.told.label, address };
  return { role: 'owner', name: null, address };
}
