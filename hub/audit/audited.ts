/** Handlers whose success is a change that the owner finds in the audit log. */
import type { AuditEntry, AuditKind } from '../../shared/schema/audit.ts';
import type { Exchange, Handler } from '../http/exchange.ts';
import { actorOf, type Audit } from './audit.ts';

/** `subjectOf` is asked before the change, which may be that it goes. */
export function audited(
  audit: Audit,
  kind: AuditKind,
  handler: Handler,
  subjectOf: (exchange: Exchange) => AuditEntry['subject'] = () => null,
): Handler {
  return async (exchange) => {
    const subject = subjectOf(exchange);
    await handler(exchange);
    // Problems are thrown past this: whoever comes here has done it.
    audit.record({ kind, actor: actorOf(exchange.caller, exchange.address), subject });
  };
}
