/** What of a log that is read once more was not told. */
import { expect, test } from 'vitest';
import { ToldLines } from '../../../../collect/logs/containers/told-lines.ts';

const SECOND = 1_800_000_000;

function toldOf(lines: readonly string[], isCut = false): ToldLines {
  const told = new ToldLines(isCut);
  for (const line of lines) told.add(SECOND * 1000, line);
  return told;
}

test('lines that were left out in the middle, and equal ones as often as they are there', () => {
  const told = toldOf(['a', 'b', 'd']);
  expect(told.since).toBe(SECOND);
  expect(['a', 'b', 'b', 'c', 'd', 'e'].filter(told.untold())).toEqual(['b', 'c', 'e']);
});

test('where reading began in the middle of a second, nothing before that', () => {
  expect(['x', 'y', 'a', 'b', 'c'].filter(toldOf(['a', 'b'], true).untold())).toEqual(['c']);
});

test('it is asked from the second before the newest', () => {
  const told = new ToldLines(true);
  for (const second of [1, 2, 3, 5]) told.add((SECOND + second) * 1000, `in ${second}`);
  expect(told.since).toBe(SECOND + 3);
  // Complete from there on.
  expect(['new', 'in 3', 'in 5'].filter(told.untold())).toEqual(['new']);
});

test('of more lines in a second than are kept, none is told twice', () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  const told = toldOf(lines);
  expect([...lines, 'the last'].filter(told.untold())).toEqual(['the last']);
});

test('nothing told: all is', () => {
  const told = new ToldLines(true);
  expect(told.since).toBeNull();
  expect(['a'].filter(told.untold())).toEqual(['a']);
});
