/** What the Share dialog is filled with, and the request it makes: one that the hub's schema takes. */
import { describe, expect, test } from 'vitest';
import {
  draftLike,
  faultsOf,
  limitOf,
  newDraft,
  requestOf,
  secondsOf,
  type ShareDraft,
} from '../../../../renderer/share/share-draft.ts';
import { shareRequest, type Share } from '../../../../shared/schema/shares.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

const asked = (draft: ShareDraft) => shareRequest.parse(requestOf(draft, 'All hosts', NOW));

describe('the request', () => {
  test('of a dialog nobody touched: all hosts without logs, live, eight hours, secrets taken out', () => {
    expect(asked(newDraft('Ana'))).toEqual({
      label: 'All hosts',
      by: 'Ana',
      scope: {
        hosts: null,
        groups: null,
        channels: ['metrics', 'processes'],
        logFilter: null,
        redact: { secrets: true, emails: false, addresses: false },
        hidesNames: false,
        since: 'live',
      },
      expiresInSeconds: 8 * 3600,
      maxViewers: null,
    });
  });

  test('of one that was filled in', () => {
    const draft: ShareDraft = {
      ...newDraft(),
      isAllHosts: false,
      hosts: ['web-1'],
      groups: ['edge'],
      channels: ['logs', 'metrics'],
      logFilter: ' level>=warn ',
      hidesNames: true,
      history: 'minutes15',
      lifetime: { key: 'never', moment: '' },
      label: ' For the vendor ',
      maxViewers: '3',
    };
    expect(asked(draft)).toMatchObject({
      label: 'For the vendor',
      scope: {
        hosts: ['web-1'],
        groups: ['edge'],
        channels: ['metrics', 'logs'],
        logFilter: 'level>=warn',
        hidesNames: true,
        since: NOW - 15 * MINUTE,
      },
      expiresInSeconds: null,
      maxViewers: 3,
    });
  });

  test('hosts that were ticked count only while some are shown, a filter only with logs', () => {
    const draft = { ...newDraft(), hosts: ['web-1'], groups: ['edge'], logFilter: 'x' };
    expect(asked(draft).scope).toMatchObject({ hosts: null, groups: null, logFilter: null });
  });
});

describe('what keeps it from being sent', () => {
  test('nothing at first', () => expect(faultsOf(newDraft(), NOW)).toEqual({}));

  test.each<[string, Partial<ShareDraft>]>([
    ['hosts', { isAllHosts: false }],
    ['channels', { channels: [] }],
    ['logFilter', { channels: ['logs'], logFilter: 'level>=wran' }],
    ['lifetime', { lifetime: { key: 'custom', moment: '' } }],
    ['maxViewers', { maxViewers: 'many' }],
  ])('%s', (field, change) => {
    expect(Object.keys(faultsOf({ ...newDraft(), ...change }, NOW))).toEqual([field]);
  });

  test('a filter that nobody will use is not looked at', () => {
    expect(faultsOf({ ...newDraft(), logFilter: 'level>=wran' }, NOW)).toEqual({});
  });
});

test('a moment counts from now; what is past, or more than a year away, does not count', () => {
  const at = (time: number) => secondsOf({ key: 'custom', moment: new Date(time).toISOString() }, NOW);
  expect(at(NOW + 90 * MINUTE)).toBe(90 * 60);
  expect(at(NOW)).toBeUndefined();
  expect(at(NOW - MINUTE)).toBeUndefined();
  expect(at(NOW + 400 * 24 * 60 * MINUTE)).toBeUndefined();
});

test('a link works until the minute that was chosen begins, not until a moment before it', () => {
  const moment = new Date(NOW + 90 * MINUTE).toISOString();
  for (const passed of [1, 400, 600, 999])
    expect(passed + 1_000 * secondsOf({ key: 'custom', moment }, NOW + passed)!).toBeGreaterThanOrEqual(
      90 * MINUTE,
    );
});

test('a limit is a whole number of viewers, or none', () => {
  expect(['', ' 7 ', '0', '1.5', '-2', '10001', 'x'].map(limitOf)).toEqual([
    null,
    7,
    null,
    null,
    null,
    null,
    null,
  ]);
});

describe('another link like one there is', () => {
  const share: Share = {
    id: 'aaaaaaaaaaaa',
    label: 'For the team',
    by: 'Ana',
    scope: asked({ ...newDraft(), isAllHosts: false, hosts: ['web-1'], history: 'minutes15' }).scope,
    createdAt: NOW,
    expiresAt: NOW + MINUTE,
    isPaused: false,
    revokedAt: null,
    maxViewers: 5,
    state: 'open',
    viewers: 0,
    firstSeenAt: null,
    lastSeenAt: null,
  };

  test('shows the same, for a new working day', () => {
    const draft = draftLike(share);
    expect(draft.lifetime).toEqual({ key: 'day', moment: '' });
    expect(requestOf(draft, '', NOW)).toMatchObject({
      label: 'For the team',
      scope: share.scope,
      maxViewers: 5,
    });
  });

  test('never goes further back than it did', () => {
    const since = (ago: number) =>
      draftLike({ ...share, scope: { ...share.scope, since: NOW - ago } }).history;
    expect(since(60 * MINUTE)).toBe('hour');
    expect(since(30 * 24 * 60 * MINUTE)).toBe('hour');
    expect(draftLike({ ...share, scope: { ...share.scope, since: 0 } }).history).toBe('all');
    expect(draftLike({ ...share, scope: { ...share.scope, since: 'live' } }).history).toBe('live');
  });

  test('does not change when the draft does', () => {
    const draft = draftLike(share);
    draft.redact.secrets = false;
    draft.hosts.push('web-2');
    expect(share.scope).toMatchObject({ hosts: ['web-1'], redact: { secrets: true } });
  });
});
