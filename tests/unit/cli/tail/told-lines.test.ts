/** Lines that a killed hub reads again are no news; equal lines of one log are. */
import { expect, test } from 'vitest';
import { createPaint } from '../../../../cli/tail/paint.ts';
import { TailView } from '../../../../cli/tail/tail-view.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { logLineOf } from '../../../support/observations.ts';

const view = (): TailView =>
  new TailView({
    lines: 0,
    withMetrics: false,
    hosts: null,
    filter: null,
    asJson: false,
    paint: createPaint(false),
  });

const line = (text: string, time = 1_790_000_000_000): LogLine => logLineOf('web-1', 0, { time, text });

function take(tail: TailView, id: string, data: LogLine): number {
  return tail.take({ name: 'log', id, data: JSON.stringify(data) }).length;
}

function opened(): TailView {
  const tail = view();
  tail.take({ name: 'ready', id: 'aaaa-1', data: JSON.stringify({ cursor: 'aaaa-1', replayed: 0 }) });
  return tail;
}

test('a line that another start of the hub tells again is shown once', () => {
  const tail = opened();
  expect([
    take(tail, 'aaaa-2', line('a')),
    take(tail, 'aaaa-3', line('b')),
    take(tail, 'aaaa-4', line('b')),
  ]).toEqual([1, 1, 1]);
  const again = ['b', 'b', 'b', 'a'].map((text, at) => take(tail, `bbbb-${at + 1}`, line(text)));
  expect(again).toEqual([0, 0, 1, 0]);
  expect(take(tail, 'bbbb-9', line('a', 1_790_000_000_001))).toBe(1);
});

test('a hub that ended in order reads nothing again: what says the same then is another line', () => {
  const tail = opened();
  take(tail, 'aaaa-2', line('a'));
  tail.take({ name: 'bye', id: 'aaaa-2', data: JSON.stringify({ reason: 'shutdown', retryMs: 0 }) });
  expect(take(tail, 'bbbb-1', line('a'))).toBe(1);
});
