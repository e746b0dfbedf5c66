/** Which answers are refusals that the owner wants to know of, and what is written of them. */
import type { IncomingMessage } from 'node:http';
import { shareProblems } from '../../shared/share-terms.ts';
import type { ProblemError } from '../http/problem.ts';
import type { AuditDraft } from './audit.ts';

const shareCodes = new Set<string>([
  shareProblems.revoked,
  shareProblems.expired,
  shareProblems.paused,
  shareProblems.full,
]);

/** Too much of what is allowed is no matter of access. */
const ownCodes = new Set(['too-many-bad-tokens', shareProblems.full]);

/** Null: none. Who asks for a page without any token has simply not come in yet. */
export function refusalOf(
  problem: ProblemError,
  request: IncomingMessage,
  address: string,
): AuditDraft | null {
  const { status, code } = problem;
  const isRefusal = status === 401 || status === 403 || ownCodes.has(code);
  if (!isRefusal || (status === 401 && !bringsSomething(request))) return null;
  return {
    kind: shareCodes.has(code) ? 'share-refused' : 'refused',
    actor: { role: 'unknown', name: null, address },
    details: { code, method: request.method ?? '', path: pathOf(request) },
  };
}

function bringsSomething({ method, url, headers }: IncomingMessage): boolean {
  return method !== 'GET' || headers.authorization !== undefined || /[?&]ticket=/.test(url ?? '');
}

/** Without the query: tickets stand there. */
function pathOf({ url }: IncomingMessage): string {
  return (url ?? '').split('?', 1)[0]!;
}
