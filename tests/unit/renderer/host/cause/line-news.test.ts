/** What a log said for the first time: numbers and ids make no news, errors come first. */
import { expect, test } from 'vitest';
import { lineNews } from '../../../../../renderer/screens/host/cause/line-news.ts';
import type { LogLine } from '../../../../../shared/schema/logs.ts';
import { logLineOf } from '../../../../support/observations.ts';

function lines(...texts: (string | [LogLine['level'], string])[]): LogLine[] {
  return texts.map((each, index) => {
    const [level, text] = typeof each === 'string' ? (['info', each] as const) : each;
    return logLineOf('a', index, { level, text });
  });
}

function news(before: LogLine[], now: LogLine[]): [string, number][] {
  return lineNews(now, before).map(({ text, count }) => [text, count]);
}

test.each([
  ['numbers', 'took 12 ms', 'took 1,934.5 ms'],
  ['paths', 'GET /shop/items/1 200', 'GET /cart 404'],
  ['ids', 'job 0b7f6b1e-1c1f-4a9d-9a4c-0c8c4a1f2e3d done', 'job ffffffff-1c1f-4a9d-9a4c-0c8c4a1f2e3d done'],
  ['hashes', 'commit 9fceb02d built', 'commit a1b2c3d4e5 built'],
  ['quoted words', 'user "ana" logged in', 'user "ben" logged in'],
  ['colours', 'took 12 ms', '\u001b[31mtook\u001b[0m 13 ms'],
])('%s make no news', (_, before, now) => {
  expect(news(lines(before), lines(now))).toEqual([]);
});

test('the gravest first, then what was said most; each kind once, with the first of its lines', () => {
  const now = lines(
    'backup started',
    ['error', 'upstream timed out after 30 s'],
    ['warn', 'slow query: 900 ms'],
    ['error', 'upstream timed out after 31 s'],
    ['error', 'disk full'],
  );
  expect(news(lines('GET /1'), now)).toEqual([
    ['upstream timed out after 30 s', 2],
    ['disk full', 1],
    ['slow query: 900 ms', 1],
    ['backup started', 1],
  ]);
});

test('the same words at another level, or from another source, are news', () => {
  expect(news(lines('connection lost'), lines(['error', 'connection lost']))).toHaveLength(1);
  const elsewhere = [{ ...lines('connection lost')[0]!, source: 'other.log' }];
  expect(news(lines('connection lost'), elsewhere)).toHaveLength(1);
});

test('a log that always says new things has no news but of warnings', () => {
  const now = lines('one thing', 'another thing', 'a third thing', 'yet something', ['warn', 'careful']);
  expect(news(lines('a beginning'), now)).toEqual([['careful', 1]]);
});

test('lines of fields are compared by their message, which is what is told', () => {
  const line = (msg: string, seq: number): LogLine =>
    logLineOf('a', seq, {
      level: 'error',
      text: JSON.stringify({ time: seq, level: 'error', msg }),
      fields: { time: seq, level: 'error', msg },
    });
  const before = [line('cache missed 12 times', 1)];
  expect(news(before, [line('cache missed 9 times', 2)])).toEqual([]);
  const [first] = lineNews([line('database is gone', 3)], before);
  expect(first).toMatchObject({ text: 'database is gone', shared: 'database is gone' });
});

test('nothing is new where nothing is known of before', () => {
  expect(lineNews(lines(['fatal', 'the end']), [])).toEqual([]);
});

test('the part to filter by is what all lines of the kind share, and harms no filter', () => {
  const [first] = lineNews(lines(['error', 'read "a\\b" failed: upstream timed out after 30 s']), lines('x'));
  expect(first!.shared).toBe('failed: upstream timed out after');
  expect(lineNews(lines(['error', 'E 12 at 7']), lines('x'))[0]!.shared).toBe('');
});
