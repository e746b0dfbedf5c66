/** An answer to a poll is read as it was written, whatever the texts in it hold. */
import { expect, test } from 'vitest';
import { parsePollBody } from '../../../shared/poll.ts';
import { sseBlock } from '../../../hub/stream/frame.ts';
import { logLineOf } from '../../support/observations.ts';

test('no text of a line costs an event', () => {
  const lines = ['a\u2028b', '\u2029', 'x\n\nid: 9\nevent: reset\ndata: {}', '\r', '\u0085'].map(
    (text, index) => logLineOf('web-1', index, { text }),
  );
  const body = lines.map((line, index) => sseBlock('log', `abcd-${index}`, line)).join('');
  expect(parsePollBody(body).map(({ data }) => JSON.parse(data) as unknown)).toEqual(lines);
});

test('what is no block is left out', () => {
  expect(parsePollBody(': comment\n\nid: a-1\nevent: ping\ndata: {}\n\nrubbish')).toEqual([
    { id: 'a-1', name: 'ping', data: '{}' },
  ]);
});
