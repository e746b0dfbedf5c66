/** A host's condition: its shape, its word, and when its values are old. */
import { describe, expect, it } from 'vitest';
import { hostStatuses, type HostStatus } from '../../../../shared/schema/host.ts';
import {
  alertNow,
  conditionOf,
  isSameCondition,
  mountShares,
  needsAttention,
} from '../../../../renderer/store/condition.ts';
import { createHostState, type HostState } from '../../../../renderer/store/host-state.ts';
import { publishNow } from '../../../../renderer/store/publisher.ts';
import type { Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';
import { filesystemsOf, hostOf, sampleOf, startTime } from '../../../support/observations.ts';

/** A minute of samples at this CPU share; the newest is of `startTime + 60 s`. */
function stateAt({
  cpu = 10,
  status = 'live',
  samples = 60,
}: { cpu?: number; status?: HostStatus; samples?: number } = {}): HostState {
  const host = hostOf('web-1', { status });
  const state = createHostState(host, publishNow);
  for (let index = 61 - samples; index <= 60; index++) {
    const sample = sampleOf('web-1', index);
    sample.cpu = { ...sample.cpu, user: cpu, idle: 100 - cpu };
    state.series.append(sample.time, sample);
    state.latest.sample = sample;
  }
  return state;
}

const now = startTime + 60_000;

function withDisk(state: HostState, percent: number, isReadOnly = false): HostState {
  const filesystems = filesystemsOf();
  filesystems.mounts = [
    {
      ...filesystems.mounts[0]!,
      usedBytes: percent,
      availableBytes: 100 - percent,
      totalBytes: 120,
      isReadOnly,
    },
  ];
  state.filesystems.value = filesystems;
  return state;
}

describe('the condition of a host', () => {
  it('is healthy where nothing is wrong', () => {
    expect(conditionOf(withDisk(stateAt(), 50), now)).toMatchObject({
      tone: 'ok',
      word: 'Healthy',
      reasons: [],
    });
  });

  it.each([
    [90, 'ok'],
    [91, 'warn'],
    [97, 'warn'],
    [98, 'crit'],
  ])('with a disk %d %% full has the tone %s', (percent, tone) => {
    expect(conditionOf(withDisk(stateAt(), percent), now).tone).toBe(tone);
  });

  it('is not alarmed by an image mounted read-only, which is always full', () => {
    const state = withDisk(stateAt(), 100, true);
    expect(conditionOf(state, now).tone).toBe('ok');
    expect(mountShares(state)).toEqual([]);
  });

  it('counts a disk as df does, without reserved blocks', () => {
    expect(mountShares(withDisk(stateAt(), 60))[0]?.percent).toBe(60);
  });

  it('warns of a CPU that was busy for a minute, not of one just seen busy', () => {
    expect(conditionOf(stateAt({ cpu: 95 }), now).reasons).toEqual(['CPU at 95.0 % for a minute']);
    expect(conditionOf(stateAt({ cpu: 95, samples: 40 }), now).reasons).toEqual([]);
  });

  it('grows stale and then offline by our own clock, when the hub that would tell us is silent', () => {
    const state = stateAt();
    const after = (ms: number) => conditionOf(state, now + ms);
    expect(after(3_000)).toMatchObject({ status: 'live', isStale: false });
    expect(after(3_001)).toMatchObject({ status: 'stale', isStale: true, reasons: ['No sample for 3 s'] });
    expect(after(10_001)).toMatchObject({ status: 'offline', isStale: true });
  });

  it('does not call a host offline that is known to sleep', () => {
    const asleep = conditionOf(stateAt({ status: 'asleep' }), now + 3_600_000);
    expect(asleep).toMatchObject({ status: 'asleep', tone: 'off', reasons: [] });
  });

  it('ranks critical over offline over warning over healthy', () => {
    const ranks = [
      conditionOf(withDisk(stateAt(), 99), now),
      conditionOf(stateAt(), now + 60_000),
      conditionOf(withDisk(stateAt(), 95), now),
      conditionOf(stateAt(), now),
    ].map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(new Set(ranks).size).toBe(4);
  });

  it('says how much has come of what it kept, without hiding what is wrong', () => {
    const uplink = { lagMs: 20, skewMs: 0, backfillPercent: 42.9, trouble: null };
    const state = stateAt();
    state.host.value = hostOf('web-1', { status: 'backfilling', origin: 'agent', uplink });
    expect(conditionOf(state, now)).toMatchObject({ shape: 'arc', percent: 42.9, isStale: false });
    expect(conditionOf(state, now).reasons).toEqual(['Catching up: 42 % of what it kept has come']);
    expect(conditionOf(withDisk(state, 99), now)).toMatchObject({ shape: 'octagon', isStale: false });
  });

  it('names the trouble of its way here: a warning while it speaks, beside its silence when it does not', () => {
    const uplink = { lagMs: 20, skewMs: 0, backfillPercent: null, trouble: 'Two agents share a token.' };
    const state = stateAt();
    state.host.value = hostOf('web-1', { origin: 'agent', uplink });
    expect(conditionOf(state, now)).toMatchObject({ tone: 'warn', reasons: [uplink.trouble] });
    expect(conditionOf(state, now + 60_000).reasons).toEqual(['No sample for 1 min', uplink.trouble]);
  });

  it('needs attention when something is wrong, not when it sleeps or is paused', () => {
    const needs = (status: HostStatus) => needsAttention(conditionOf(stateAt({ status }), now));
    expect(hostStatuses.filter(needs)).toEqual(['stale', 'offline', 'incompatible']);
  });

  it('is the same for as long as nobody could tell the difference', () => {
    const state = stateAt();
    const at = (ms: number) => conditionOf(state, now + ms);
    expect(isSameCondition(at(0), at(1_000))).toBe(true);
    expect(isSameCondition(at(4_000), at(4_500))).toBe(true);
    expect(isSameCondition(at(4_000), at(5_000))).toBe(false);
    expect(isSameCondition(at(0), at(4_000))).toBe(false);
  });
});

describe('the condition of a host on which alerts fire', () => {
  const disk = (changes: Partial<Alert> = {}) =>
    alertOf('web-1', { subject: '/', peak: 91, above: 90, ...changes });
  const silence = (changes: Partial<Alert> = {}) =>
    disk({ measure: 'offline', subject: null, level: 'crit', above: null, peak: null, ...changes });
  const seen = { acknowledgedAt: now };

  it('tells of one thing once: by the alert, with the amount of now', () => {
    const condition = conditionOf(withDisk(stateAt(), 95), now, [disk()]);
    expect(condition.reasons).toEqual(['Disk / 95.0 % full (over 90 %) for 1 min']);
    expect(condition).toMatchObject({ tone: 'warn', ownReasons: [] });
  });

  it('tells of another disk, and of what no rule watches, besides', () => {
    const state = withDisk(stateAt({ cpu: 95 }), 95);
    const condition = conditionOf(state, now, [disk({ subject: '/var', peak: 93 })]);
    expect(condition.reasons).toEqual([
      'Disk /var 93.0 % full (over 90 %) for 1 min',
      '/ is 95.0 % full',
      'CPU at 95.0 % for a minute',
    ]);
    expect(condition.ownReasons).toEqual(['/ is 95.0 % full', 'CPU at 95.0 % for a minute']);
  });

  it.each([
    ['warn', 'warn', 'Warning'],
    ['crit', 'crit', 'Critical'],
  ] as const)('is as bad as the rule says: %s', (level, tone, word) => {
    const state = withDisk(stateAt(), 60);
    expect(conditionOf(state, now, [disk({ level, above: 50 })])).toMatchObject({ tone, word });
  });

  it('names the worst first', () => {
    const memory = disk({ measure: 'memory', subject: null, level: 'crit', peak: 97 });
    const { reasons } = conditionOf(withDisk(stateAt(), 95), now, [disk(), memory]);
    expect(reasons.map((reason) => reason.split(' ')[0])).toEqual(['Memory', 'Disk']);
  });

  it('is no worse for what somebody has seen, which is told all the same, last', () => {
    const state = withDisk(stateAt(), 95);
    const reason = 'Disk / 95.0 % full (over 90 %) for 1 min, acknowledged';
    expect(conditionOf(state, now, [disk(seen)])).toMatchObject({ tone: 'ok', reasons: [reason] });
    expect(needsAttention(conditionOf(state, now, [disk(seen)]))).toBe(false);
    const busy = withDisk(stateAt({ cpu: 95 }), 95);
    expect(conditionOf(busy, now, [disk(seen)]).reasons).toEqual(['CPU at 95.0 % for a minute', reason]);
  });

  it('is critical again where a disk that somebody saw as a warning is nearly full', () => {
    const state = withDisk(stateAt(), 98);
    expect(conditionOf(state, now, [disk(seen)]).tone).toBe('crit');
    expect(conditionOf(state, now, [disk({ ...seen, level: 'crit' })]).tone).toBe('ok');
  });

  it('is offline in the tone of the alert, among the critical ones, until somebody has seen it', () => {
    const state = stateAt({ status: 'offline' });
    expect(conditionOf(state, now, [silence()])).toMatchObject({
      tone: 'crit',
      shape: 'ring',
      word: 'Offline',
      rank: conditionOf(withDisk(stateAt(), 99), now).rank,
      reasons: ['Offline for 1 min'],
      ownReasons: [],
    });
    expect(conditionOf(state, now, [silence(seen)])).toMatchObject({
      tone: 'off',
      rank: conditionOf(state, now).rank,
      reasons: ['Offline for 1 min, acknowledged'],
    });
  });

  it('tells what else fires on a silent host, which may be over: it makes nothing worse', () => {
    const state = stateAt({ status: 'asleep' });
    const condition = conditionOf(state, now, [disk({ level: 'crit', peak: 93 })]);
    expect(condition).toMatchObject({
      tone: 'off',
      reasons: ['Disk / 93.0 % full (over 90 %) for 1 min'],
      alertReasons: ['Disk / 93.0 % full (over 90 %) for 1 min'],
    });
    expect(needsAttention(condition)).toBe(false);
  });

  it('is not called offline once it is back, though that alert has not cleared yet', () => {
    expect(conditionOf(stateAt(), now, [silence()])).toMatchObject({ tone: 'ok', reasons: [] });
  });

  it('keeps the amount at which an alert fired where that of now is below its limit, or unknown', () => {
    expect(alertNow(disk(), withDisk(stateAt(), 89), now).peak).toBe(91);
    expect(alertNow(disk({ subject: '/gone' }), withDisk(stateAt(), 99), now).peak).toBe(91);
    expect(alertNow(disk(), undefined, now).peak).toBe(91);
  });
});

describe('a host with many full mounts', () => {
  /** The object as it is, with a count of the times that one of these was read. */
  function counted<Of extends object>(object: Of, keys: readonly (keyof Of)[], onRead: () => void): Of {
    return new Proxy(object, {
      get(target, key) {
        if (keys.includes(key as keyof Of)) onRead();
        return Reflect.get(target, key) as unknown;
      },
    });
  }

  /** Every mount is full and fires. `reads`: how often the size of a mount was looked at, and what an alert is of. */
  function fullHost(count: number): {
    state: HostState;
    firing: Alert[];
    reads: { mounts: number; alerts: number };
  } {
    const state = stateAt();
    const reads = { mounts: 0, alerts: 0 };
    const filesystems = filesystemsOf();
    const [first] = filesystems.mounts;
    filesystems.mounts = Array.from({ length: count }, (_, index) =>
      counted(
        { ...first!, mount: `/mnt/${index}`, usedBytes: 95, availableBytes: 5, isReadOnly: false },
        ['usedBytes'],
        () => reads.mounts++,
      ),
    );
    state.filesystems.value = filesystems;
    const firing = filesystems.mounts.map(({ mount }, index) =>
      counted(
        alertOf('web-1', { id: `alert${1000 + index}`, subject: mount, peak: 91 }),
        ['subject'],
        () => reads.alerts++,
      ),
    );
    return { state, firing, reads };
  }

  it('is judged with as much work for each mount as one that has few', () => {
    const [few, many] = [fullHost(8), fullHost(256)].map(({ state, firing, reads }) => {
      expect(conditionOf(state, now, firing).alertReasons).toHaveLength(firing.length);
      return { mounts: reads.mounts / firing.length, alerts: reads.alerts / firing.length };
    });
    expect(many).toEqual(few);
  });

  it('tells how full one of them is without a look at the others', () => {
    const { state, firing, reads } = fullHost(256);
    expect(alertNow(firing.at(-1)!, state, now).peak).toBe(95);
    expect(reads.mounts).toBeLessThanOrEqual(2);
  });

  it('tells of each by its own amount', () => {
    const { state, firing } = fullHost(2);
    state.filesystems.value!.mounts[1]!.usedBytes = 45;
    expect(conditionOf(state, now, firing.slice(0, 1)).reasons).toEqual([
      'Disk /mnt/0 95.0 % full (over 90 %) for 1 min',
    ]);
    expect(conditionOf(state, now, firing).reasons).toEqual([
      'Disk /mnt/0 95.0 % full (over 90 %) for 1 min',
      'Disk /mnt/1 91.0 % full (over 90 %) for 1 min',
    ]);
  });
});
