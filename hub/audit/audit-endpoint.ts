/** `GET /api/v1/audit`: what was done, newest first. */
import { AUDIT_LIMIT, MAX_AUDIT_LIMIT } from '../../shared/schema/audit.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { badParameter } from '../stream/view.ts';
import type { AuditLog } from './audit-log.ts';

export class AuditEndpoint {
  readonly #log: Pick<AuditLog, 'read'>;

  constructor(log: Pick<AuditLog, 'read'>) {
    this.#log = log;
  }

  async list(exchange: Exchange): Promise<void> {
    const { query } = exchange;
    const before = numberIn(query, 'before', Number.MAX_SAFE_INTEGER) ?? Infinity;
    const limit = numberIn(query, 'limit', MAX_AUDIT_LIMIT) ?? AUDIT_LIMIT;
    answerJson(exchange, await this.#log.read(before, limit));
  }
}

function numberIn(query: URLSearchParams, name: string, most: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw badParameter(name, `may be 1 to ${most}`);
}
