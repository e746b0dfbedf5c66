/** That a source is listed no more is told to programs alone. */
import { expect, test } from 'vitest';
import { createPaint } from '../../../../cli/tail/paint.ts';
import { TailView } from '../../../../cli/tail/tail-view.ts';
import { logSourceOf } from '../../../support/observations.ts';

function printed(asJson: boolean): string[] {
  const options = { lines: 0, withMetrics: false, hosts: null, filter: null, paint: createPaint(false) };
  const tail = new TailView({ ...options, asJson });
  const removed = logSourceOf('web-1', { state: 'waiting', reason: 'The container was removed.' });
  return [removed, { ...removed, gone: true }].flatMap((data) =>
    tail.take({ name: 'source', id: 'aaaa-1', data: JSON.stringify(data) }),
  );
}

test('what is wrong with a source is printed once, and not again when it leaves the list', () => {
  expect(printed(false)).toEqual(['--- app.log: The container was removed.']);
});

test('as JSON its leaving is an event', () => {
  expect(printed(true).map((line) => (JSON.parse(line) as { data: { gone?: true } }).data.gone)).toEqual([
    undefined,
    true,
  ]);
});
