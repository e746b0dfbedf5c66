/** What happened to a host, from two tellers, as flags: each once, and nothing that says nothing. */
import { expect, test } from 'vitest';
import { happeningNotes, happeningsOf, type Happening } from '../../../../renderer/notes/happenings.ts';

function told(...happenings: [time: number, what: Happening['what']][]): [number, string | null][] {
  return happeningNotes(
    'web-1',
    happenings.map(([time, what]) => ({ time, what })),
  ).map(({ time, title }) => [time, title]);
}

test('offline, and back: what lies between says nothing new', () => {
  expect(
    told(
      [1, 'live'],
      [10, 'stale'],
      [20, 'offline'],
      [50, 'backfilling'],
      [60, 'live'],
      [70, 'stale'],
      [72, 'live'],
    ),
  ).toEqual([
    [20, 'Offline from here on'],
    [60, 'Back again'],
  ]);
});

test('what the page saw and what the history tells is one flag', () => {
  expect(told([20, 'offline'], [60, 'live'], [60, 'live'], [20, 'offline'])).toHaveLength(2);
});

test('one start of a machine is one flag, though its time is told a little differently each time', () => {
  expect(told([100_000, 'boot'], [100_900, 'boot'], [900_000, 'boot'], [901_000, 'boot'])).toEqual([
    [100_000, 'Started (boot)'],
    [900_000, 'Started (boot)'],
  ]);
});

test('marks of the history become happenings; those of the hub itself are none of the host', () => {
  expect(
    happeningsOf([
      { what: 'hub-started', time: 1 },
      { what: 'boot', time: 2 },
      { what: 'status', time: 3, status: 'offline', before: 'stale' },
    ]),
  ).toEqual([
    { time: 2, what: 'boot' },
    { time: 3, what: 'offline' },
  ]);
});

test('flags are markers of that host, a silence in the tone of a warning', () => {
  const [offline] = happeningNotes('web-1', [{ time: 20, what: 'offline' }]);
  expect(offline).toMatchObject({ kind: 'marker', hosts: ['web-1'], level: 'warn' });
});
