/** Labels as people write them. */
import { expect, test } from 'vitest';
import { readLabels } from '../../../../../renderer/screens/settings/metrics/read-labels.ts';

test.each([
  ['', {}],
  [' , ', {}],
  ['site=north', { site: 'north' }],
  ['site = north , team="web, not really', 'team="web'],
  ['team="web team", a_1=b', { team: 'web team', a_1: 'b' }],
  ['1a=b', '1a=b'],
  ['site', 'site'],
  ['site=', 'site='],
  ['a-b=c', 'a-b=c'],
  ['x=1, x=2', { x: '2' }],
])('%j', (text, expected) => {
  const read = readLabels(text);
  expect(read).toEqual(
    typeof expected === 'string' ? { labels: null, bad: expected } : { labels: expected, bad: null },
  );
});
