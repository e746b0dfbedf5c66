/** Two readings make a sample; what happened to a device between them makes no spike. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CounterBits } from '../../../../collect/metrics/rates.ts';
import type { Reading } from '../../../../collect/metrics/reading.ts';
import { SampleRates } from '../../../../collect/metrics/sample-rates.ts';
import { sample as sampleSchema, type Sample } from '../../../../shared/schema/sample.ts';
import { diskCounters, instant, interfaceCounters, reading } from './readings.ts';

function sampleOf(before: Reading, now: Reading, elapsedMs = 1_000, wordBits: CounterBits = 64): Sample {
  const rates = new SampleRates({ host: 'h', wordBits });
  expect(rates.next(before, instant(0))).toBeNull();
  return sampleSchema.parse(rates.next(now, instant(elapsedMs)));
}

describe('rates of a sample', () => {
  it('are divided by the time that really passed', () => {
    const now = reading({
      disks: [diskCounters({ readBytes: 512_000 + 1_000_000, reads: 150 })],
      interfaces: [interfaceCounters({ transmitBytes: 20_000 + 500_000, transmitErrors: 5 })],
      kernel: { contextSwitches: 2_000, forks: 60, processesRunning: 2, processesBlocked: 1 },
      tcp: { retransmits: 20, established: 4 },
    });
    const sample = sampleOf(reading(), now, 2_000);
    expect(sample.intervalMs).toBe(2_000);
    expect(sample.disks[0]).toMatchObject({ readBytesPerSecond: 500_000, readOpsPerSecond: 25 });
    expect(sample.interfaces[0]).toMatchObject({
      transmitBytesPerSecond: 250_000,
      transmitErrorsPerSecond: 2.5,
    });
    expect(sample.kernel).toEqual({
      contextSwitchesPerSecond: 500,
      forksPerSecond: 5,
      processesRunning: 2,
      processesBlocked: 1,
    });
    expect(sample.tcp).toEqual({ retransmitsPerSecond: 5, established: 4 });
  });

  it('tell of a disk what iostat tells', () => {
    const now = diskCounters({
      reads: 110,
      writes: 230,
      readMs: 1_060,
      writeMs: 2_140,
      busyMs: 3_000,
      weightedMs: 3_700,
    });
    const [disk] = sampleOf(reading(), reading({ disks: [now] })).disks;
    // 200 ms waited by 40 requests; busy for 500 of 1000 ms; 700 request-milliseconds.
    expect(disk).toMatchObject({ awaitMs: 5, utilisationPercent: 50, queueLength: 0.7 });
  });

  it('do not invent a waiting time where no request ended, and clamp a disk busy for longer than the interval', () => {
    const [disk] = sampleOf(reading(), reading({ disks: [diskCounters({ busyMs: 3_700 })] })).disks;
    expect(disk).toMatchObject({ awaitMs: null, utilisationPercent: 100 });
  });

  it('make shares of pressure totals, and null of what one reading lacks', () => {
    const before = reading({
      pressure: { cpu: { some: 1_000_000, full: null }, memory: null, io: { some: 0, full: 0 } },
    });
    const now = reading({
      pressure: {
        cpu: { some: 1_250_000, full: 9 },
        memory: { some: 5, full: 5 },
        io: { some: 5e6, full: 0 },
      },
    });
    expect(sampleOf(before, now).pressure).toEqual({
      cpu: { some: 25, full: null },
      memory: null,
      io: { some: 100, full: 0 },
    });
  });

  it('count swapping in bytes and memory as free does', () => {
    const now = reading();
    now.memory.swappedOutBytes = 8_192 + 40_960;
    expect(sampleOf(reading(), now).memory).toMatchObject({
      usedBytes: 2_000,
      swapUsedBytes: 100,
      swapInBytesPerSecond: 0,
      swapOutBytesPerSecond: 40_960,
    });
  });
});

describe('devices that come, go and start again', () => {
  let plugged: Reading;
  beforeEach(() => {
    plugged = reading({
      disks: [diskCounters(), diskCounters({ device: 'sdb', readBytes: 9e12, reads: 9e9 })],
    });
  });

  it('a disk plugged in shows with its second reading, without its past as a spike', () => {
    const rates = new SampleRates({ host: 'h', wordBits: 64 });
    rates.next(reading(), instant(0));
    expect(rates.next(plugged, instant(1_000))!.disks.map(({ device }) => device)).toEqual(['sda']);
    const third = rates.next(plugged, instant(2_000))!;
    expect(third.disks[1]).toMatchObject({ device: 'sdb', readBytesPerSecond: 0 });
  });

  it('a disk taken out is gone', () => {
    expect(sampleOf(plugged, reading()).disks.map(({ device }) => device)).toEqual(['sda']);
  });

  it('an interface made anew under its old name is left out once', () => {
    const before = reading({ interfaces: [interfaceCounters({ receiveBytes: 5e9 })] });
    expect(sampleOf(before, reading()).interfaces).toEqual([]);
  });

  it('an error counter that goes back counts as nothing and keeps its interface', () => {
    const before = reading({ interfaces: [interfaceCounters({ receiveDrops: 9 })] });
    expect(sampleOf(before, reading()).interfaces[0]).toMatchObject({ receiveDropsPerSecond: 0 });
  });

  it('a 32-bit kernel wraps its byte counters', () => {
    const before = reading({ interfaces: [interfaceCounters({ receiveBytes: 2 ** 32 - 1_000 })] });
    const now = reading({ interfaces: [interfaceCounters({ receiveBytes: 2_000 })] });
    expect(sampleOf(before, now, 1_000, 32).interfaces[0]!.receiveBytesPerSecond).toBe(3_000);
  });

  it('any kernel wraps its disk times at 32 bits of milliseconds', () => {
    const before = reading({ disks: [diskCounters({ busyMs: 2 ** 32 - 100, weightedMs: 2 ** 32 - 100 })] });
    const now = reading({ disks: [diskCounters({ busyMs: 150, weightedMs: 400 })] });
    expect(sampleOf(before, now).disks[0]).toMatchObject({ utilisationPercent: 25, queueLength: 0.5 });
  });

  it('a 32-bit kernel wraps its sector counters', () => {
    const before = reading({ disks: [diskCounters({ writeBytes: 512 * (2 ** 32 - 10) })] });
    const now = reading({ disks: [diskCounters({ writeBytes: 512 * 10 })] });
    expect(sampleOf(before, now, 1_000, 32).disks[0]!.writeBytesPerSecond).toBe(512 * 20);
  });
});

describe('values that are not there', () => {
  it('are null, never zero', () => {
    const bare = reading({ load: null, tcp: null, kernel: null, pressure: null });
    bare.memory.swappedInBytes = null;
    const sample = sampleOf(bare, bare);
    expect(sample).toMatchObject({ load: null, tcp: null, kernel: null, pressure: null });
    expect(sample.memory.swapInBytesPerSecond).toBeNull();
  });

  it('a machine without CPU times has modes of zero, which no running machine has', () => {
    const { cpu } = sampleOf(reading({ cpu: null }), reading({ cpu: null }));
    expect(cpu).toMatchObject({ user: 0, idle: 0, cores: [] });
  });

  it('a clock that stood still makes no sample, and the next one spans the whole time', () => {
    const rates = new SampleRates({ host: 'h', wordBits: 64 });
    rates.next(reading(), instant(0));
    expect(rates.next(reading(), instant(0))).toBeNull();
    expect(rates.next(reading(), instant(500))!.intervalMs).toBe(500);
  });
});
