/** A restart is a new run that stays alone; a clone is one beside which the old one still speaks. */
import { expect, test } from 'vitest';
import { CloneWatch } from '../../../../hub/intake/clone-watch.ts';

test('a restarted agent goes on, whatever of its last run was still on its way', () => {
  const watch = new CloneWatch();
  expect(watch.hear('aaaa', 0)).toBe(true);
  expect(watch.hear('bbbb', 10_000)).toBe(true);
  for (const at of [10_100, 10_500, 11_900]) expect(watch.hear('aaaa', at)).toBe(true);
  for (let at = 12_000; at < 60_000; at += 1_000) expect(watch.hear('bbbb', at)).toBe(true);
  expect(watch.isCloned(60_000)).toBe(false);
});

test('where the first one speaks on, the second is refused and the first goes on', () => {
  const watch = new CloneWatch();
  watch.hear('aaaa', 0);
  expect(watch.hear('bbbb', 1_000)).toBe(true);
  expect(watch.hear('aaaa', 3_100)).toBe(true);
  expect(watch.hear('bbbb', 3_200)).toBe(true);
  expect(watch.isCloned(3_200)).toBe(false);
  expect(watch.hear('aaaa', 4_100)).toBe(true);
  expect(watch.isCloned(4_100)).toBe(true);
  for (let at = 5_000; at < 100_000; at += 1_000) {
    expect(watch.hear('bbbb', at)).toBe(false);
    expect(watch.hear('aaaa', at + 500)).toBe(true);
  }
});

test('a clone that keeps asking is refused for as long as the first one speaks, and then takes its place', () => {
  const watch = new CloneWatch();
  watch.hear('aaaa', 0);
  watch.hear('bbbb', 1_000);
  watch.hear('aaaa', 3_100);
  watch.hear('aaaa', 4_100);
  expect(watch.hear('bbbb', 60_000)).toBe(false);
  expect(watch.hear('bbbb', 64_200)).toBe(true);
  expect(watch.isCloned(64_200)).toBe(false);
});

test('the first one may restart while its clone is refused', () => {
  const watch = new CloneWatch();
  watch.hear('aaaa', 0);
  watch.hear('bbbb', 1_000);
  watch.hear('aaaa', 3_100);
  watch.hear('aaaa', 4_100);
  expect(watch.hear('cccc', 10_000)).toBe(true);
  expect(watch.hear('bbbb', 11_000)).toBe(false);
  expect(watch.hear('cccc', 12_000)).toBe(true);
});

test('a clone that has gone away is no trouble any more after an hour', () => {
  const watch = new CloneWatch();
  watch.hear('aaaa', 0);
  watch.hear('bbbb', 1_000);
  watch.hear('aaaa', 3_100);
  watch.hear('aaaa', 4_100);
  expect(watch.isCloned(3_600_000)).toBe(true);
  expect(watch.isCloned(3_700_000)).toBe(false);
});
