/** The rows of Events: newest first, by day, what happened together as one, and where each row leads. */
import { expect, test } from 'vitest';
import { momentPath } from '../../../../renderer/screens/events/moment-path.ts';
import {
  byDay,
  timelineRows,
  type RowFilter,
  type TimelineParts,
  type TimelineRow,
} from '../../../../renderer/screens/events/timeline-rows.ts';
import { Timeline } from '../../../../renderer/store/timeline.ts';
import { alertOf } from '../../../support/alert-of.ts';
import { noteOf } from '../../../support/note-of.ts';
import { hostOf, logSourceOf, startTime } from '../../../support/observations.ts';

function rowsOf(parts: Partial<TimelineParts>, filter: RowFilter): TimelineRow[] {
  return timelineRows({ entries: [], notes: [], audit: [], alerts: [], ...parts }, filter);
}

const host = (status: 'live' | 'stale', seconds: number) =>
  hostOf('web-1', { status, statusSince: startTime + seconds * 1_000 });

const denied = (name: string, ms: number) =>
  logSourceOf('web-1', { id: `/var/log/${name}`, label: name, state: 'denied', since: startTime + ms });

test('everything is in one order, newest first', () => {
  const timeline = new Timeline();
  timeline.host(host('live', 0));
  timeline.host(host('stale', 20));
  const rows = rowsOf({ entries: timeline.entries.value, notes: [noteOf(10)] }, 'all');
  expect(rows.map(({ kind }) => kind)).toEqual(['status', 'note', 'status']);
  expect(rowsOf({ entries: timeline.entries.value, notes: [noteOf(10)] }, 'notes')).toHaveLength(1);
  expect(rowsOf({ entries: timeline.entries.value, notes: [noteOf(10)] }, 'hosts')).toHaveLength(2);
});

test('what a snapshot tells again is not listed again', () => {
  const timeline = new Timeline();
  timeline.host(host('live', 0));
  timeline.source(denied('auth.log', 0));
  timeline.host(host('live', 0));
  timeline.source(denied('auth.log', 0));
  expect(timeline.entries.value).toHaveLength(2);
});

test('a source is listed when it is in trouble and when the trouble ends, not when all is well', () => {
  const timeline = new Timeline();
  timeline.source(logSourceOf());
  timeline.source({ ...logSourceOf(), state: 'waiting', since: startTime + 1 });
  timeline.source(denied('app.log', 2));
  timeline.source({ ...denied('app.log', 3), state: 'following' });
  timeline.source({ ...denied('app.log', 4), state: 'following' });
  const states = timeline.entries.value.map((entry) => entry.kind === 'source' && entry.source.state);
  expect(states).toEqual(['denied', 'following']);
});

test('sources that were denied together are one row, later ones another', () => {
  const timeline = new Timeline();
  for (const [name, ms] of [
    ['a', 0],
    ['b', 2_000],
    ['c', 4_000],
    ['d', 60_000],
  ] as const)
    timeline.source(denied(name, ms));
  const rows = rowsOf({ entries: timeline.entries.value }, 'sources');
  expect(rows.map((row) => row.kind === 'source' && row.sources.length)).toEqual([1, 3]);
});

test('hosts that went offline together are one row, and those that came back later another', () => {
  const timeline = new Timeline();
  for (const [id, status, seconds] of [
    ['web-1', 'offline', 0],
    ['web-2', 'offline', 2],
    ['web-3', 'offline', 4],
    ['web-1', 'live', 30],
    ['web-2', 'live', 60],
  ] as const)
    timeline.host(hostOf(id, { status, statusSince: startTime + seconds * 1_000 }));
  const rows = rowsOf({ entries: timeline.entries.value }, 'hosts');
  expect(rows.map(({ hosts }) => hosts.length)).toEqual([1, 1, 3]);
  expect(rows.at(-1)).toMatchObject({ kind: 'status', status: 'offline', time: startTime });
});

test('an alert stands where it fired, whether it has ended or not', () => {
  const ended = alertOf('web-1', { id: 'ended', firedAt: startTime + 5_000, endedAt: startTime + 90_000 });
  const firing = alertOf('web-1', {
    id: 'fires',
    measure: 'cpu',
    subject: null,
    firedAt: startTime + 20_000,
  });
  const parts = { alerts: [ended, firing], notes: [noteOf(10, { time: startTime + 10_000 })] };
  expect(rowsOf(parts, 'all').map(({ kind, time }) => [kind, time - startTime])).toEqual([
    ['alert', 20_000],
    ['note', 10_000],
    ['alert', 5_000],
  ]);
  expect(rowsOf(parts, 'alerts').map(({ key }) => key)).toEqual(['alert fires', 'alert ended']);
  expect(rowsOf(parts, 'notes')).toHaveLength(1);
});

test('alerts of one rule that fired together on several hosts are one row; two of one host, and two levels, are not', () => {
  const silent = (id: string, seconds: number, changes = {}) =>
    alertOf(id, {
      id: `${id} ${seconds}`,
      measure: 'offline',
      subject: null,
      firedAt: startTime + seconds * 1_000,
      ...changes,
    });
  const burst = [silent('web-1', 0), silent('web-2', 2), silent('web-3', 4)];
  const [row] = rowsOf({ alerts: burst }, 'alerts');
  expect(row).toMatchObject({ time: startTime, hosts: ['web-1', 'web-2', 'web-3'], alerts: burst });
  const apart = [
    ...burst,
    silent('web-4', 60),
    silent('web-5', 61, { level: 'crit' }),
    silent('web-5', 62, { measure: 'memory' }),
    silent('web-5', 63, { measure: 'memory' }),
  ];
  expect(rowsOf({ alerts: apart }, 'alerts').map(({ hosts }) => hosts.length)).toEqual([1, 1, 1, 1, 3]);
});

test('the timeline forgets its oldest past a thousand entries', () => {
  const timeline = new Timeline();
  for (let second = 0; second < 1_005; second++) timeline.host(host(second % 2 ? 'stale' : 'live', second));
  expect(timeline.entries.value).toHaveLength(1_000);
  expect(timeline.entries.value[0]!.time).toBe(startTime + 5_000);
});

test('days part at midnight of the reader', () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  const times = [noon, noon - 11 * 3_600_000, noon - 13 * 3_600_000];
  const notes = times.map((time, index) => noteOf(index, { time }));
  expect(byDay(rowsOf({ notes }, 'all')).map(({ rows }) => rows.length)).toEqual([2, 1]);
});

test('a row leads to two minutes around its moment, as far as there is time after it, and live where nothing is held', () => {
  const held = { oldest: startTime, now: startTime + 600_000 };
  expect(momentPath('web-1', startTime + 300_000, held)).toBe(
    `/host/web-1?from=${startTime + 240_000}&to=${startTime + 360_000}`,
  );
  expect(momentPath('web-1', startTime + 590_000, held)).toBe(
    `/host/web-1?from=${startTime + 480_000}&to=${startTime + 600_000}`,
  );
  expect(momentPath('web-1', startTime - 1, held)).toBe('/host/web-1');
  expect(momentPath('web-1', startTime, { ...held, oldest: null })).toBe('/host/web-1');
});
