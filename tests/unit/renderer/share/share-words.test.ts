/** A share in words: its chips, when it ends, what it is called. */
import { expect, test } from 'vitest';
import {
  endsText,
  hostsLabel,
  lookOf,
  scopeLabels,
  stateOf,
} from '../../../../renderer/share/share-words.ts';
import { shareScope } from '../../../../shared/schema/shares.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;
const nameOf = (id: string) => ({ a1: 'web-1', b2: 'db\u202e-1' })[id] ?? id;

test('every way in which a link shows less than the owner sees is a chip', () => {
  expect(scopeLabels(shareScope.parse({}), nameOf, NOW)).toEqual([
    'All hosts',
    'Metrics',
    'Processes',
    'Logs',
    'Live only',
  ]);
  const scope = shareScope.parse({
    hosts: ['a1', 'b2'],
    channels: ['logs'],
    logFilter: 'level>=warn',
    redact: { secrets: false, emails: true, addresses: true },
    hidesNames: true,
    since: 0,
  });
  expect(scopeLabels(scope, nameOf, NOW)).toEqual([
    'web-1 and 1 more',
    'Logs: level>=warn',
    'Names hidden',
    'Secrets shown',
    'No e-mail addresses',
    'No IP addresses',
  ]);
});

test('a link without a label is called after its hosts, whatever those are called', () => {
  const label = (hosts: string[] | null, groups: string[] | null = null) =>
    hostsLabel({ hosts, groups }, nameOf);
  expect(label(null)).toBe('All hosts');
  expect(label(['b2'])).toBe('db<U+202E>-1');
  expect(label(['a1', 'b2'], ['edge'])).toBe('edge and 2 more');
  expect(label(['x'.repeat(300), 'a1']).length).toBeLessThanOrEqual(100);
});

test('when it ends', () => {
  expect(endsText(null, NOW)).toBe('when revoked');
  expect(endsText(NOW + 2 * HOUR + 5 * 60_000, NOW)).toBe('in 2 h 5 min');
  expect(endsText(NOW, NOW)).toBe('ended');
});

test('a link whose time is over is so before the hub was asked again; a revoked one stays revoked', () => {
  expect(stateOf({ state: 'open', expiresAt: NOW + 1 }, NOW)).toBe('open');
  expect(stateOf({ state: 'open', expiresAt: NOW }, NOW)).toBe('expired');
  expect(stateOf({ state: 'paused', expiresAt: NOW }, NOW)).toBe('expired');
  expect(stateOf({ state: 'revoked', expiresAt: NOW }, NOW)).toBe('revoked');
});

test('each state has a shape of its own', () => {
  const shapes = [lookOf('open', 0), lookOf('open', 1), lookOf('paused', 1), lookOf('expired', 0)];
  expect(new Set(shapes.map(({ shape }) => shape)).size).toBe(4);
});
