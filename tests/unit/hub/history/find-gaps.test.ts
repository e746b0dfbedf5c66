/** Where there are no samples, and why: the gaps of an answer of the history. */
import { describe, expect, test } from 'vitest';
import { findGaps } from '../../../../hub/history/query/find-gaps.ts';
import { hostTimes } from '../../../../hub/history/query/host-times.ts';
import type { HistoryGap } from '../../../../shared/schema/history.ts';
import type { ChronicleEntry } from '../../../../shared/schema/kept-chronicle.ts';

/** One bucket of a second per letter: `x` holds a sample, `.` none. */
function gapsOf(
  buckets: string,
  reasons: HistoryGap[] = [],
  more: { intervalMs?: number } = {},
): HistoryGap[] {
  return findGaps({
    window: { from: 0, to: buckets.length * 1_000 },
    start: 0,
    stepMs: 1_000,
    counts: Array.from(buckets, (letter) => (letter === 'x' ? 1 : 0)),
    intervalMs: 1_000,
    reasons,
    ...more,
  });
}
const inWords = (gaps: HistoryGap[]) =>
  gaps.map(({ from, to, reason }) => `${from / 1_000}-${to / 1_000} ${reason}`);
const reason = (from: number, to: number, why: HistoryGap['reason']): HistoryGap => ({
  from: from * 1_000,
  to: to * 1_000,
  reason: why,
});

describe('stretches', () => {
  test('a missing sample is no gap; what is longer than 2.5 intervals is', () => {
    expect(gapsOf('xxx.xxx')).toEqual([]);
    expect(inWords(gapsOf('xxx..xxx'))).toEqual(['3-5 unknown']);
    expect(inWords(gapsOf('x....x....x', [], { intervalMs: 5_000 }))).toEqual([]);
  });

  test('a host that measured less often at that time has no gap between any two of its samples', () => {
    expect(gapsOf('x....'.repeat(12))).toEqual([]);
    expect(inWords(gapsOf(`${'x....'.repeat(12)}${'.'.repeat(10)}x`))).toEqual(['56-70 unknown']);
  });

  test('at the ends of the window, and where there is nothing at all', () => {
    expect(inWords(gapsOf('...xx...'))).toEqual(['0-3 unknown', '5-8 unknown']);
    expect(inWords(gapsOf('..xx..'))).toEqual([]);
    expect(inWords(gapsOf('......'))).toEqual(['0-6 unknown']);
  });
});

describe('reasons', () => {
  test('a stretch is cut where its reasons change; of several the first counts', () => {
    const reasons = [reason(10, 20, 'asleep'), reason(5, 30, 'offline')];
    expect(inWords(gapsOf(`x${'.'.repeat(39)}x`, reasons))).toEqual([
      '1-5 unknown',
      '5-10 offline',
      '10-20 asleep',
      '20-30 offline',
      '30-40 unknown',
    ]);
  });

  test('what is too short to be told goes with what is beside it', () => {
    // It was last heard a moment before it was known to be away, and came back a moment before its first sample.
    expect(inWords(gapsOf(`x${'.'.repeat(19)}x`, [reason(3, 19, 'offline')]))).toEqual(['1-20 offline']);
    expect(inWords(gapsOf('x...x', [reason(2, 3, 'hub-stopped')]))).toEqual(['1-4 hub-stopped']);
  });

  test('reasons where there are samples say nothing', () => {
    expect(gapsOf('xxxxxxxx', [reason(2, 6, 'offline')])).toEqual([]);
  });
});

describe('the times of a host', () => {
  const status = (time: number, word: 'live' | 'offline' | 'asleep', lastSeen = time): ChronicleEntry => ({
    what: 'status',
    host: 'web-1',
    time,
    status: word,
    lastSeen,
  });

  test('a status holds until the next; it is offline since it was last heard', () => {
    const entries = [
      status(100, 'live'),
      status(210, 'offline', 200),
      status(300, 'live'),
      status(400, 'asleep'),
    ];
    const { reasons, marks } = hostTimes(entries, 'web-1', 500);
    expect(reasons).toEqual([
      { from: 400, to: 500, reason: 'asleep' },
      { from: 200, to: 300, reason: 'offline' },
    ]);
    expect(marks.map((mark) => mark.what === 'status' && [mark.before, mark.status])).toEqual([
      [null, 'live'],
      ['live', 'offline'],
      ['offline', 'live'],
      ['live', 'asleep'],
    ]);
  });

  test('a host that was removed is away for that reason, whatever it was before, until it comes back', () => {
    const entries: ChronicleEntry[] = [
      status(100, 'live'),
      status(210, 'offline', 200),
      { what: 'removed', host: 'web-1', time: 250 },
      status(300, 'live'),
      { what: 'removed', host: 'db-1', time: 350 },
      { what: 'removed', host: 'web-1', time: 400 },
    ];
    expect(hostTimes(entries, 'web-1', 500).reasons).toEqual([
      { from: 250, to: 300, reason: 'removed' },
      { from: 400, to: 500, reason: 'removed' },
      { from: 200, to: 250, reason: 'offline' },
    ]);
  });

  test('a hub that starts again tells nothing anew of hosts that are as they were', () => {
    const entries: ChronicleEntry[] = [
      { what: 'hub-started', time: 50, lastAlive: null },
      status(100, 'live'),
      { what: 'hub-started', time: 300, lastAlive: 200 },
      status(301, 'live'),
      { what: 'boot', host: 'web-1', time: 10 },
      { what: 'boot', host: 'web-1', time: 12 },
      { what: 'boot', host: 'db-1', time: 200_000 },
    ];
    const { reasons, marks, since } = hostTimes(entries, 'web-1', 500);
    expect(reasons).toEqual([{ from: 200, to: 300, reason: 'hub-stopped' }]);
    expect(marks.map(({ what, time }) => [what, time])).toEqual([
      ['boot', 10],
      ['hub-started', 50],
      ['status', 100],
      ['hub-stopped', 200],
      ['hub-started', 300],
    ]);
    expect(since).toBe(100);
  });
});
