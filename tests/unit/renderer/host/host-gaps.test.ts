/** Why a stretch of a host's charts is empty. */
import { describe, expect, test } from 'vitest';
import { shallowRef } from 'vue';
import { hostGapIn, streamGap } from '../../../../renderer/screens/host/host-gaps.ts';
import type { HistoryGap } from '../../../../shared/schema/history.ts';
import type { HostStatus } from '../../../../shared/schema/host.ts';
import type { Gap } from '../../../../shared/schema/stream.ts';
import { hostOf, sampleOf } from '../../../support/observations.ts';

const gap = (part: Partial<Gap>): Gap => ({
  host: 'a',
  channel: 'metrics',
  reason: 'asleep',
  from: 1000,
  to: 5000,
  count: null,
  ...part,
});

function reasonOf(
  span: { from: number; to: number },
  {
    told = [],
    kept = null,
    status = 'live',
    isConnected = true,
    isUnheard = false,
  }: {
    isUnheard?: boolean;
    told?: Gap[];
    kept?: HistoryGap | null;
    status?: HostStatus;
    isConnected?: boolean;
  },
) {
  return hostGapIn(
    {
      state: {
        id: 'a',
        host: shallowRef({
          ...hostOf('a', { statusSince: isUnheard ? 9000 : 0, lastSeen: isUnheard ? null : 9000 }),
          status,
        }),
        sample: shallowRef(isUnheard ? null : { ...sampleOf(), time: 9000 }),
        gaps: shallowRef(told),
      },
      past: { gapIn: () => kept },
      connection: () => (isConnected ? { phase: 'live', via: 'stream' } : { phase: 'connecting' }),
    },
    span,
  );
}

describe('streamGap', () => {
  test('the gap that overlaps, the newest first', () => {
    const gaps = [gap({}), gap({ reason: 'offline', from: 4000, to: 9000 })];
    expect(streamGap(gaps, { from: 4500, to: 4600 })?.reason).toBe('offline');
    expect(streamGap(gaps, { from: 1500, to: 1600 })?.reason).toBe('asleep');
  });

  test('none elsewhere, and none for gaps in the logs', () => {
    expect(streamGap([gap({})], { from: 6000, to: 7000 })).toBeNull();
    expect(streamGap([gap({ channel: 'logs' })], { from: 1000, to: 5000 })).toBeNull();
  });
});

describe('hostGapIn', () => {
  const past = { from: 2000, to: 3000 };
  const open = { from: 8000, to: 20_000 };

  test('what the stream told comes first, then what is so now, then what the hub kept', () => {
    const kept: HistoryGap = { from: 1500, to: 6000, reason: 'hub-stopped' };
    expect(reasonOf(past, { told: [gap({})], kept })).toMatchObject({ reason: 'asleep', from: 1000 });
    expect(reasonOf(past, { kept })).toEqual({
      from: 1500,
      to: 6000,
      reason: 'hub stopped',
      isExpected: false,
    });
    expect(reasonOf(open, { kept, status: 'offline' })?.reason).toBe('offline');
    expect(reasonOf(open, { kept, isConnected: false })?.reason).toBe('disconnected');
  });

  test('that a host is offline now says nothing of yesterday', () => {
    expect(reasonOf(past, { status: 'offline' })).toBeNull();
    const kept: HistoryGap = { from: 1500, to: 6000, reason: 'asleep' };
    expect(reasonOf(past, { status: 'offline', isUnheard: true, kept })?.reason).toBe('asleep');
    expect(reasonOf(open, { status: 'offline', isUnheard: true })?.reason).toBe('offline');
  });

  test('while its agent sends what it kept, a stretch that it may fill says so, and no other', () => {
    const catchingUp = (reason: HistoryGap['reason']) =>
      reasonOf(past, { kept: { from: 1500, to: 6000, reason }, status: 'backfilling' })?.reason;
    expect(catchingUp('offline')).toBe('offline, catching up');
    expect(catchingUp('hub-stopped')).toBe('hub stopped, catching up');
    expect(catchingUp('unknown')).toBe('catching up');
    expect(catchingUp('asleep')).toBe('asleep');
    expect(catchingUp('before-first')).toBe('before the first sample');
    const told = [gap({ reason: 'offline' })];
    expect(reasonOf(past, { told, status: 'backfilling' })?.reason).toBe('offline, catching up');
    expect(reasonOf(past, { told })?.reason).toBe('offline');
  });

  test('where nothing was to be expected, no gap is made of it', () => {
    const before = reasonOf(past, { kept: { from: 0, to: 4000, reason: 'before-first' } });
    expect(before).toMatchObject({ reason: 'before the first sample', isExpected: true });
    const old = reasonOf(past, { kept: { from: 0, to: 4000, reason: 'past-retention' } });
    expect(old).toMatchObject({ reason: 'no longer kept', isExpected: true });
  });
});
