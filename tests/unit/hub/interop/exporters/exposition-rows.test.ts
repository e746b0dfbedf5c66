/** The text format of Prometheus: what of it is read, and that nothing in it does harm. */
import { expect, test } from 'vitest';
import { expositionRows } from '../../../../../hub/interop/exporters/exposition-rows.ts';

/** From prometheus.io/docs/instrumenting/exposition_formats. */
const documented = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
`;

const all = (text: string) =>
  [...expositionRows(text, () => true)].flatMap(([name, rows]) =>
    rows.map(({ labels, value }) => [name, Object.fromEntries(labels), value]),
  );

test('the documented example', () => {
  expect(all(documented)).toEqual([
    ['http_requests_total', { method: 'post', code: '200' }, 1027],
    ['http_requests_total', { method: 'post', code: '400' }, 3],
    [
      'msdos_file_access_time_seconds',
      { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' },
      1.458255915e9,
    ],
    ['metric_without_timestamp_and_labels', {}, 12.47],
    ['something_weird', { problem: 'division by zero' }, Infinity],
    ['http_request_duration_seconds_bucket', { le: '0.05' }, 24054],
    ['http_request_duration_seconds_bucket', { le: '+Inf' }, 144320],
    ['http_request_duration_seconds_sum', {}, 53423],
  ]);
});

test.each([
  ['blanks between', 'a { b = "c" , d="e", } 1', [['a', { b: 'c', d: 'e' }, 1]]],
  ['blanks within', 'a{ b = "c" , d="e" ,} 1', [['a', { b: 'c', d: 'e' }, 1]]],
  ['tabs', 'a{b="c"}\t1\t2', [['a', { b: 'c' }, 1]]],
  ['no labels in braces', 'a{} 1', [['a', {}, 1]]],
  ['a brace in a value', 'a{b="}"} 1', [['a', { b: '}' }, 1]]],
  [
    'not a number',
    'a NaN\nb -Inf\nc 1e-3',
    [
      ['a', {}, NaN],
      ['b', {}, -Infinity],
      ['c', {}, 0.001],
    ],
  ],
  [
    'CRLF',
    'a 1\r\nb 2\r\n',
    [
      ['a', {}, 1],
      ['b', {}, 2],
    ],
  ],
  ['no line end', 'a 1', [['a', {}, 1]]],
  ['a prototype for a label', 'a{__proto__="x"} 1', [['a', { ['__proto__']: 'x' }, 1]]],
])('%s', (_, text, rows) => expect(all(text)).toEqual(rows));

test.each([
  '',
  '\n\n',
  '#',
  'a',
  'a{',
  'a{b',
  'a{b=',
  'a{b="',
  'a{b="c',
  'a{b="c"',
  'a{b="c"}',
  'a{b="c" d="e"} 1',
  'a x',
  '{a="b"} 1',
  '9a 1',
  'a 1 2 3',
  '\u0000 1',
])('%j says nothing, and spoils no line after it', (line) =>
  expect(all(`${line}\nok 1`)).toEqual([['ok', {}, 1]]),
);

test('hostile lines cost no time: without an end, with labels and escapes by the thousand', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `l${at}="x"`).join(',');
  const texts = [
    `a{b="${'\\\\'.repeat(200_000)}`,
    `a{${many}} 1`,
    `a{${'b="c",'.repeat(100_000)}`,
    `a${' '.repeat(300_000)}`,
  ];
  expect(all(`${texts.join('\n')}\nok 1`)).toEqual([['ok', {}, 1]]);
});

test('of families that nobody wants nothing is read', () => {
  const text = 'wanted 1\nother{a="b"} 2\nwanted_too 3';
  expect([...expositionRows(text, (name) => name === 'wanted').keys()]).toEqual(['wanted']);
});
