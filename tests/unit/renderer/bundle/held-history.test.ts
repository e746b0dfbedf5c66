/** What a page holds of a host, in the words of the history: for a hub that keeps none. */
import { expect, test } from 'vitest';
import { heldHistory } from '../../../../renderer/bundle/save/held-history.ts';
import { createHostState } from '../../../../renderer/store/host-state.ts';
import { publishNow } from '../../../../renderer/store/publisher.ts';
import { historyRecord } from '../../../../shared/schema/history.ts';
import { hostOf, sampleOf, startTime } from '../../../support/observations.ts';

test('samples stand in buckets of their interval, and what is missing is a gap', () => {
  const state = createHostState(hostOf('web-1'), publishNow);
  for (const second of [0, 1, 2, 10, 11]) {
    const sample = sampleOf('web-1', second, { time: startTime + second * 1_000 + 40 });
    state.series.append(sample.time, sample);
  }
  const span = { from: startTime - 60_000, to: startTime + 12_000 };
  const records = heldHistory(state, span).map((record) => historyRecord.parse(record));
  expect(records[0]).toMatchObject({ kind: 'begin', stepMs: 1_000, ...span });
  const user = records.find((record) => record.kind === 'columns' && record.series === 'cpu.user');
  expect(user).toMatchObject({
    start: startTime,
    mean: [0, 1, 2, null, null, null, null, null, null, null, 10, 11],
  });
  expect(records.find(({ kind }) => kind === 'gaps')).toMatchObject({
    gaps: [
      { from: span.from, to: startTime + 40, reason: 'past-retention' },
      { from: startTime + 3_040, to: startTime + 10_040, reason: 'unknown' },
    ],
  });
  expect(records.at(-1)).toMatchObject({ kind: 'end', reason: 'complete' });
});

test('is empty where the page holds nothing of the window', () => {
  const state = createHostState(hostOf('web-1'), publishNow);
  state.series.append(startTime, sampleOf('web-1', 0));
  expect(heldHistory(state, { from: startTime + 1_000, to: startTime + 2_000 })).toEqual([]);
});
