/** The audit log in words, of every kind; nothing in it is obeyed. */
import { expect, test } from 'vitest';
import { auditKinds, type AuditEntry } from '../../../../shared/schema/audit.ts';
import { auditHead, auditMore } from '../../../../renderer/screens/events/audit-words.ts';
import { AuditList } from '../../../../renderer/store/audit-list.ts';

function entryOf(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 1,
    time: 1_700_000_000_000,
    kind: 'share-opened',
    actor: { role: 'viewer', name: 'Bea', address: '192.0.2.9' },
    subject: { id: 'abcdef012345', name: 'Ops wall' },
    details: {},
    count: 1,
    ...changes,
  };
}

test('who did what to what, from where and with what', () => {
  const entry = entryOf({ details: { browser: 'Firefox on Linux' } });
  expect(auditHead(entry)).toBe('Share opened: Ops wall');
  expect(auditMore(entry)).toBe('by Bea from 192.0.2.9, Firefox on Linux');
});

test('refusals say why and how often', () => {
  const entry = entryOf({
    kind: 'refused',
    actor: { role: 'unknown', name: null, address: '192.0.2.9' },
    subject: null,
    details: { code: 'unauthorised', method: 'GET', path: '/api/v1/hosts' },
    count: 12,
  });
  expect(auditHead(entry)).toBe('Refused 12 times: wrong token or no session');
  expect(auditMore(entry)).toBe('from 192.0.2.9, GET /api/v1/hosts');
});

test.each(auditKinds)('%s has a sentence, with and without a subject', (kind) => {
  const subject = { id: 'x', name: '\u202e<b>' };
  expect(auditHead(entryOf({ kind, subject }))).not.toContain('\u202e');
  expect(auditHead(entryOf({ kind, subject: null }))).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
});

test('the list holds each entry once, oldest first, as it was told last', () => {
  const list = new AuditList();
  list.take([entryOf({ id: 7, count: 3 }), entryOf({ id: 6 })]);
  list.take([entryOf({ id: 7, count: 1 }), entryOf({ id: 2 })]);
  expect(list.entries.value.map(({ id, count }) => [id, count])).toEqual([
    [2, 1],
    [6, 1],
    [7, 3],
  ]);
});
