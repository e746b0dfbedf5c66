/** Who watches, as time goes: who is connected stays, who is silent goes, and makes room. */
import { expect, test } from 'vitest';
import type { Visitor } from '../../../../hub/access/share-door.ts';
import { GONE_AFTER_MS, Viewers } from '../../../../hub/shares/viewers.ts';
import type { StreamEvent } from '../../../../shared/events.ts';
import { until } from '../../../support/until.ts';

function watched(connected: Set<string> = new Set()) {
  const told: StreamEvent[] = [];
  const viewers = new Viewers({
    publish: (event) => told.push(event),
    isConnected: (credential, address) => connected.has(`${credential} ${address ?? ''}`.trim()),
  });
  return { viewers, told };
}

function session(id: string, name: string | null = null): Visitor {
  return { session: { id, name, since: 1_000, isPreview: false }, address: '192.0.2.1' };
}

const tool = (address: string): Visitor => ({ session: null, address });

test('who is silent for long has gone, unless a stream of his is open', () => {
  const { viewers } = watched(new Set(['share:abc:ben', 'share:abc 192.0.2.2']));
  for (const visitor of [session('ben'), session('cleo'), tool('192.0.2.2'), tool('192.0.2.3')])
    viewers.admit('abc', null, visitor, 0);
  viewers.sweep(GONE_AFTER_MS);
  expect(viewers.countOf('abc')).toBe(4);
  viewers.sweep(GONE_AFTER_MS + 1);
  expect(viewers.countOf('abc')).toBe(2);
  expect(viewers.find('abc', session('ben'))?.lastSeen).toBe(GONE_AFTER_MS + 1);
  expect(viewers.find('abc', session('cleo'))).toBeNull();
});

test('one too many is refused until somebody has gone; who is known is never refused', () => {
  const { viewers } = watched();
  viewers.admit('abc', 1, session('ben'), 0);
  expect(() => viewers.admit('abc', 1, session('cleo'), 10)).toThrow('As many are watching');
  viewers.admit('abc', 1, session('ben'), 20);
  viewers.admit('abc', 1, session('cleo'), GONE_AFTER_MS + 21);
  expect(viewers.find('abc', session('ben'))).toBeNull();
});

test('what changes within a moment is told once; the last one to go is told as nobody', async () => {
  const { viewers, told } = watched();
  viewers.admit('abc', null, session('ben', 'Ben'));
  viewers.admit('abc', null, session('cleo'));
  viewers.describe('abc', session('cleo'), { name: 'Cleo', screen: '/logs' });
  viewers.describe('abc', session('cleo'), { name: 'Cleo' });
  await until('presence to be told', () => told.length > 0);
  expect(told).toMatchObject([
    { data: { share: 'abc', count: 2, viewers: [{ name: 'Ben' }, { name: 'Cleo', screen: '/logs' }] } },
  ]);
  viewers.endWhere((credential) => credential === 'share:abc:ben', 'rotate');
  expect(viewers.countOf('abc')).toBe(2);
  viewers.endWhere((credential) => credential === 'share:abc:ben', 'revoked');
  expect(viewers.countOf('abc')).toBe(1);
  viewers.dropShare('abc');
  await until('that nobody watches', () => told.length > 1);
  expect(told[1]).toMatchObject({ data: { count: 0, viewers: [] } });
  expect(viewers.events).toEqual([]);
  viewers[Symbol.dispose]();
});
