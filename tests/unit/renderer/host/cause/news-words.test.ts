/** What a line says, without the time and the level that stand beside it. */
import { expect, test } from 'vitest';
import { newsWords } from '../../../../../renderer/screens/host/cause/news-words.ts';

test.each([
  ['2026-11-21T23:40:08.585Z ERROR backup: retrying write', 'backup: retrying write'],
  ['2026-01-02 03:04:05.678 UTC [123] ERROR:  relation "x" does not exist', 'relation "x" does not exist'],
  ['2026-01-02 03:04:05,678 WARNING slow', 'slow'],
  ['[2026-01-02 03:04:05+02:00] (ERROR) no such key', 'no such key'],
  ['2026/01/02 03:04:05 [error] 12#12: *1 open() failed', '12#12: *1 open() failed'],
  ['Jan  2 03:04:05 web-1 sshd[12]: refused', 'web-1 sshd[12]: refused'],
  ['\u001b[31m03:04:05 FATAL\u001b[0m the end', 'the end'],
  ['error while reading', 'error while reading'],
  ['ERROR-7 is an id', 'ERROR-7 is an id'],
  ['12 things', '12 things'],
  ['May I come in', 'May I come in'],
])('%s', (text, said) => {
  expect(newsWords({ text })).toBe(said);
});

test('a message among fields is what is said; one that is empty, or no text, is not', () => {
  expect(newsWords({ text: '{"msg":"out of memory"}', fields: { msg: 'out of memory' } })).toBe(
    'out of memory',
  );
  for (const msg of ['', ' ', 7, null])
    expect(newsWords({ text: '{"msg":1}', fields: { msg } })).toBe('{"msg":1}');
});

test('a line that is nothing but its time stays as it is', () => {
  expect(newsWords({ text: '2026-11-21T23:40:08Z' })).toBe('2026-11-21T23:40:08Z');
});
