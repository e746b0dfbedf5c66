/** What of a log that is read once more was not told. */
import { expect, test } from 'vitest';
import type { LogMoment } from '../../../../collect/logs/containers/log-moment.ts';
import { ToldLines } from '../../../../collect/logs/containers/told-lines.ts';

const SECOND = 1_800_000_000;

function toldOf(lines: readonly string[], isCut = false): ToldLines {
  const told = new ToldLines(isCut);
  for (const line of lines) told.add('stdout', momentIn(SECOND), line);
  return told;
}

function momentIn(second: number, nanoseconds = 0): LogMoment {
  const fraction = String(nanoseconds).padStart(9, '0');
  return { seconds: `${second}.${fraction}`, ms: second * 1000 + Math.floor(nanoseconds / 1e6), end: 0 };
}

/** Of lines of one second. */
function untoldOf(told: ToldLines, lines: readonly string[], second = SECOND): string[] {
  const isUntold = told.untold();
  return lines.filter((line) => isUntold(line, momentIn(second)));
}

test('lines that were left out in the middle, and equal ones as often as they are there', () => {
  const told = toldOf(['a', 'b', 'd']);
  expect(told.since).toBe(SECOND);
  expect(untoldOf(told, ['a', 'b', 'b', 'c', 'd', 'e'])).toEqual(['b', 'c', 'e']);
});

test('where reading began in the middle of a second, nothing before that', () => {
  expect(untoldOf(toldOf(['a', 'b'], true), ['x', 'y', 'a', 'b', 'c'])).toEqual(['c']);
});

test('of a later second all, whether what was told is there or was rotated away', () => {
  expect(untoldOf(toldOf(['a'], true), ['x', 'b'])).toEqual([]);
  expect(untoldOf(toldOf(['a'], true), ['x', 'b'], SECOND + 1)).toEqual(['x', 'b']);
});

test('it is asked from the second before the newest', () => {
  const told = new ToldLines(true);
  for (const second of [1, 2, 3, 5]) told.add('stdout', momentIn(SECOND + second), `in ${second}`);
  expect(told.since).toBe(SECOND + 3);
  // Complete from there on.
  expect(untoldOf(told, ['new', 'in 3', 'in 5'])).toEqual(['new']);
});

test('of more lines in a second than are kept, none is told twice', () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  const told = toldOf(lines);
  expect(untoldOf(told, [...lines, 'the last'])).toEqual(['the last']);
});

test('nothing told: all is', () => {
  const told = new ToldLines(true);
  expect(told.since).toBeNull();
  expect(untoldOf(told, ['a'])).toEqual(['a']);
});

test('a stream that goes back tells nothing twice, and what it had left out', () => {
  const told = new ToldLines(false);
  const take = (text: string, second: number, nanoseconds: number, output: 'stdout' | 'stderr' = 'stdout') =>
    told.add(output, momentIn(SECOND + second, nanoseconds), `${second}.${nanoseconds} ${text}`);
  expect([
    take('long ago', 0, 5),
    take('one', 4, 10),
    take('two', 5, 20),
    take('three', 5, 30),
  ]).not.toContain(false);
  expect([
    take('long ago', 0, 5),
    take('one', 4, 10),
    take('two', 5, 20),
    take('three', 5, 30),
  ]).not.toContain(true);
  expect(take('left out', 5, 25)).toBe(true);
  // The two outputs are written side by side.
  expect(take('of the other', 5, 1, 'stderr')).toBe(true);
  expect(take('four', 5, 40)).toBe(true);
});

test('of moments in whole seconds nothing is known to be sent again', () => {
  const told = new ToldLines(false);
  expect([1, 2, 1].map((second) => told.add('stdout', momentIn(SECOND + second), `in ${second}`))).toEqual([
    true,
    true,
    true,
  ]);
});
