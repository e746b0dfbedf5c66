/** An entry of the audit log in words: what was done, to what, by whom and from where. */
import type { AuditEntry, AuditKind } from '../../../shared/schema/audit.ts';
import { visibleText } from '../../../shared/visible-text.ts';
import type { Shape, Tone } from '../../components/status.ts';
import { counted } from '../../messages.ts';

type Look = { tone: Tone; shape: Shape };

const cameIn: Look = { tone: 'info', shape: 'diamond' };
const changed: Look = { tone: 'off', shape: 'dashed' };
const ended: Look = { tone: 'off', shape: 'ring' };
const refused: Look = { tone: 'warn', shape: 'triangle' };

/** What was done to a subject of this name. */
const deeds: Record<AuditKind, { look: Look; head: (subject: string) => string }> = {
  'hub-started': { look: changed, head: () => 'The hub was started' },
  login: { look: cameIn, head: () => 'Signed in as owner' },
  refused: { look: refused, head: () => 'Refused' },
  'session-ended': { look: ended, head: (subject) => `Session ended: ${subject}` },
  'share-created': { look: changed, head: (subject) => `Share link made: ${subject}` },
  'share-changed': { look: changed, head: (subject) => `Share changed: ${subject}` },
  'share-paused': { look: changed, head: (subject) => `Share paused: ${subject}` },
  'share-resumed': { look: changed, head: (subject) => `Share goes on: ${subject}` },
  'share-revoked': { look: ended, head: (subject) => `Share ended: ${subject}` },
  'share-expired': { look: ended, head: (subject) => `Share expired: ${subject}` },
  'share-opened': { look: cameIn, head: (subject) => `Share opened: ${subject}` },
  'share-refused': { look: refused, head: () => 'Share link refused' },
  'share-previewed': { look: changed, head: (subject) => `Share previewed: ${subject}` },
  'token-created': { look: changed, head: (subject) => `Operator token made: ${subject}` },
  'token-revoked': { look: ended, head: (subject) => `Operator token revoked: ${subject}` },
  'agent-invited': { look: changed, head: () => 'Agent invited' },
  'agent-paired': { look: cameIn, head: (subject) => `Agent paired: ${subject}` },
  'agent-revoked': { look: ended, head: (subject) => `Agent revoked: ${subject}` },
  'host-changed': { look: changed, head: (subject) => `Host changed: ${subject}` },
  'host-removed': { look: ended, head: (subject) => `Host removed: ${subject}` },
  'upstream-added': { look: changed, head: (subject) => `Hub added: ${subject}` },
  'upstream-changed': { look: changed, head: (subject) => `Hub changed: ${subject}` },
  'upstream-removed': { look: ended, head: (subject) => `Hub removed: ${subject}` },
  'exporter-added': { look: changed, head: (subject) => `Exporter added: ${subject}` },
  'exporter-changed': { look: changed, head: (subject) => `Exporter changed: ${subject}` },
  'exporter-removed': { look: ended, head: (subject) => `Exporter removed: ${subject}` },
  'remote-write-added': { look: changed, head: (subject) => `Remote write added: ${subject}` },
  'remote-write-changed': { look: changed, head: (subject) => `Remote write changed: ${subject}` },
  'remote-write-removed': { look: ended, head: (subject) => `Remote write removed: ${subject}` },
  'reach-changed': { look: changed, head: () => 'Reach changed' },
  'alert-rule-changed': { look: changed, head: (subject) => `Alert rule changed: ${subject}` },
};

const actors: Record<AuditEntry['actor']['role'], string> = {
  owner: 'the owner',
  viewer: 'a viewer',
  operator: 'a token',
  agent: 'an agent',
  unknown: '',
  hub: '',
};

/** Why somebody was refused, by the code of the answer; others stand as they are. */
const reasons: Record<string, string> = {
  unauthorised: 'wrong token or no session',
  'too-many-bad-tokens': 'too many wrong tokens',
  'foreign-page': 'a page of another origin',
  'owner-only': 'not the owner',
  'wrong-share-link': 'wrong link',
  'no-share-session': 'no session of that share',
  'share-revoked': 'the share was ended',
  'share-expired': 'the share has expired',
  'share-paused': 'the share is paused',
  'share-full': 'as many watch as may',
};

export function auditLook({ kind }: AuditEntry): Look {
  return deeds[kind].look;
}

/** "Share opened: Ops wall", "Refused 12 times: wrong token or no session". */
export function auditHead({ kind, subject, details, count }: AuditEntry): string {
  const head = deeds[kind].head(visibleText(subject?.name ?? subject?.id ?? ''));
  const times = count > 1 ? ` ${counted(count, 'time', 'times')}` : '';
  const code = details['code'];
  const reason = typeof code === 'string' ? `: ${reasons[code] ?? visibleText(code)}` : '';
  return head.replace(/: $/, '') + times + reason;
}

/** "by Bea from 192.168.1.9, Firefox on Linux, GET /api/v1/hosts"; '' where nothing is known. */
export function auditMore({ actor, details }: AuditEntry): string {
  const name = visibleText(actor.name ?? '') || actors[actor.role];
  const who = [name && `by ${name}`, actor.address && `from ${visibleText(actor.address)}`];
  const { browser, method, path } = details;
  const request = typeof path === 'string' ? [method, path].filter(Boolean).join(' ') : '';
  return [who.filter(Boolean).join(' '), browser, request]
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .map(visibleText)
    .join(', ');
}
