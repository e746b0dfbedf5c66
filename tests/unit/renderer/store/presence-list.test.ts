/** Who watches: told share by share, forgotten when they leave or a snapshot no longer names them. */
import { expect, test } from 'vitest';
import type { Presence } from '../../../../shared/schema/shares.ts';
import { PresenceList } from '../../../../renderer/store/presence-list.ts';

const presenceOf = (share: string, count: number): Presence => ({ share, count, viewers: null });
const counts = ({ byShare }: PresenceList) =>
  [...byShare.value.values()].map(({ share, count }) => [share, count]);

test('the newest word about a share counts; nobody there is nothing to show', () => {
  const list = new PresenceList();
  list.take(presenceOf('aaaaaaaaaaaa', 1));
  list.take(presenceOf('bbbbbbbbbbbb', 3));
  list.take(presenceOf('aaaaaaaaaaaa', 2));
  expect(counts(list)).toEqual([
    ['aaaaaaaaaaaa', 2],
    ['bbbbbbbbbbbb', 3],
  ]);
  list.take(presenceOf('bbbbbbbbbbbb', 0));
  expect(counts(list)).toEqual([['aaaaaaaaaaaa', 2]]);
});

test('what a snapshot does not name is gone, and only once it has ended', () => {
  const list = new PresenceList();
  list.take(presenceOf('aaaaaaaaaaaa', 1));
  list.beginSnapshot();
  list.take(presenceOf('bbbbbbbbbbbb', 1));
  expect(counts(list)).toEqual([['aaaaaaaaaaaa', 1]]);
  list.endSnapshot();
  expect(counts(list)).toEqual([['bbbbbbbbbbbb', 1]]);
});
