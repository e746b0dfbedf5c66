/** `GET /api/v1/audit`: what was done, newest first. */
import { AUDIT_LIMIT, MAX_AUDIT_LIMIT } from '../../shared/schema/audit.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { numberIn, refuseUnknown } from '../http/parameters.ts';
import type { AuditLog } from './audit-log.ts';

export class AuditEndpoint {
  readonly #log: Pick<AuditLog, 'read'>;

  constructor(log: Pick<AuditLog, 'read'>) {
    this.#log = log;
  }

  async list(exchange: Exchange): Promise<void> {
    const { query } = exchange;
    refuseUnknown(query, ['before', 'limit']);
    const before = numberIn(query, 'before', 1, Number.MAX_SAFE_INTEGER) ?? Infinity;
    const limit = numberIn(query, 'limit', 1, MAX_AUDIT_LIMIT) ?? AUDIT_LIMIT;
    answerJson(exchange, await this.#log.read(before, limit));
  }
}
