/** Turns a reading and the one before it into a sample. Keeps the reading before. */
import type { DiskSample, InterfaceSample, Sample } from '../../shared/schema/sample.ts';
import { busyShare, cpuShares } from './cpu-shares.ts';
import {
  bytesPerSecond,
  increase,
  increaseOrZero,
  perSecond,
  shareOfTime,
  type CounterBits,
} from './rates.ts';
import type {
  DiskCounters,
  InterfaceCounters,
  MemoryReading,
  PressureReading,
  PressureTotals,
  Reading,
} from './reading.ts';
import { twoDecimals, whole } from './rounding.ts';

export interface Instant {
  wallMs: number;
  monotonicMs: number;
  uptimeMs: number;
}

export interface SampleRatesOptions {
  host: string;
  /** Width of the kernel's `unsigned long`, in which most counters are kept. */
  wordBits: CounterBits;
}

/** Modes of a machine whose CPU times cannot be read: all zero, which no running machine's are. */
const unknownCpu = { user: 0, nice: 0, system: 0, iowait: 0, irq: 0, softirq: 0, steal: 0, idle: 0 };

export class SampleRates {
  readonly #host: string;
  readonly #wordBits: CounterBits;
  #before: { reading: Reading; instant: Instant } | null = null;

  constructor(options: SampleRatesOptions) {
    this.#host = options.host;
    this.#wordBits = options.wordBits;
  }

  /**
   * Null for a first reading. A device that was not in the reading before, or whose counters were reset
   * since, is left out of this one sample: its rate is unknown, not zero.
   */
  next(reading: Reading, instant: Instant): Sample | null {
    const before = this.#before;
    const elapsedMs = before ? instant.monotonicMs - before.instant.monotonicMs : 0;
    if (before && elapsedMs <= 0) return null;
    this.#before = { reading, instant };
    return before ? this.#sample(before.reading, reading, instant, elapsedMs) : null;
  }

  #sample(before: Reading, now: Reading, instant: Instant, elapsedMs: number): Sample {
    return {
      host: this.#host,
      time: whole(instant.wallMs),
      intervalMs: twoDecimals(elapsedMs),
      uptimeSeconds: twoDecimals(instant.uptimeMs / 1000),
      cpu: cpuSample(before, now),
      load: now.load,
      pressure: pressureSample(before.pressure, now.pressure, elapsedMs),
      memory: memorySample(before.memory, now.memory, elapsedMs, this.#wordBits),
      disks: matched(before.disks, now.disks, 'device', (earlier, later) =>
        diskSample(earlier, later, elapsedMs, this.#wordBits),
      ),
      interfaces: matched(before.interfaces, now.interfaces, 'interface', (earlier, later) =>
        interfaceSample(earlier, later, elapsedMs, this.#wordBits),
      ),
      tcp: now.tcp && {
        retransmitsPerSecond: counterRate(
          before.tcp?.retransmits,
          now.tcp.retransmits,
          elapsedMs,
          this.#wordBits,
        ),
        established: now.tcp.established,
      },
      kernel: now.kernel && {
        contextSwitchesPerSecond:
          counterRate(before.kernel?.contextSwitches, now.kernel.contextSwitches, elapsedMs, 64) ?? 0,
        forksPerSecond: counterRate(before.kernel?.forks, now.kernel.forks, elapsedMs, this.#wordBits) ?? 0,
        processesRunning: now.kernel.processesRunning,
        processesBlocked: now.kernel.processesBlocked,
      },
    };
  }
}

function cpuSample(before: Reading, now: Reading): Sample['cpu'] {
  const shares = before.cpu && now.cpu ? cpuShares(before.cpu.machine, now.cpu.machine) : null;
  const cores = now.cpu ? now.cpu.cores.map((core, index) => busyShare(before.cpu?.cores[index], core)) : [];
  return {
    ...(shares ?? unknownCpu),
    cores,
    frequencyMhz: now.frequencyMhz === null ? null : whole(now.frequencyMhz),
  };
}

function pressureSample(
  before: PressureReading | null,
  now: PressureReading | null,
  elapsedMs: number,
): Sample['pressure'] {
  if (!now) return null;
  const share = (resource: keyof PressureReading) =>
    pressureShare(before?.[resource] ?? null, now[resource], elapsedMs);
  return { cpu: share('cpu'), memory: share('memory'), io: share('io') };
}

function pressureShare(before: PressureTotals | null, now: PressureTotals | null, elapsedMs: number) {
  if (!before || !now) return null;
  const share = (earlier: number, later: number) =>
    shareOfTime(increaseOrZero(earlier, later, 64) / 1000, elapsedMs);
  return {
    some: share(before.some, now.some),
    full: before.full === null || now.full === null ? null : share(before.full, now.full),
  };
}

function memorySample(
  before: MemoryReading,
  now: MemoryReading,
  elapsedMs: number,
  wordBits: CounterBits,
): Sample['memory'] {
  const swapRate = (earlier: number | null, later: number | null) => {
    const rate = counterRate(earlier, later, elapsedMs, wordBits);
    return rate === null ? null : whole(rate);
  };
  return {
    totalBytes: now.totalBytes,
    availableBytes: now.availableBytes,
    usedBytes: Math.max(0, now.totalBytes - now.availableBytes),
    freeBytes: now.freeBytes,
    cachedBytes: now.cachedBytes,
    buffersBytes: now.buffersBytes,
    dirtyBytes: now.dirtyBytes,
    swapTotalBytes: now.swapTotalBytes,
    swapUsedBytes: Math.max(0, now.swapTotalBytes - now.swapFreeBytes),
    swapInBytesPerSecond: swapRate(before.swappedInBytes, now.swappedInBytes),
    swapOutBytesPerSecond: swapRate(before.swappedOutBytes, now.swappedOutBytes),
  };
}

function diskSample(
  before: DiskCounters,
  now: DiskCounters,
  elapsedMs: number,
  wordBits: CounterBits,
): DiskSample | null {
  const reads = increase(before.reads, now.reads, wordBits);
  const writes = increase(before.writes, now.writes, wordBits);
  // Bytes are sectors times 512, so they wrap at 512 times the word.
  const readBytes = 512 * increase(before.readBytes / 512, now.readBytes / 512, wordBits);
  const writeBytes = 512 * increase(before.writeBytes / 512, now.writeBytes / 512, wordBits);
  if (Number.isNaN(reads + writes + readBytes + writeBytes)) return null;
  const ended = reads + writes + increaseOrZero(before.discards, now.discards, wordBits);
  const waitedMs =
    increaseOrZero(before.readMs, now.readMs, 32) +
    increaseOrZero(before.writeMs, now.writeMs, 32) +
    increaseOrZero(before.discardMs, now.discardMs, 32);
  return {
    device: now.device,
    isPhysical: now.isPhysical,
    readBytesPerSecond: bytesPerSecond(readBytes, elapsedMs),
    writeBytesPerSecond: bytesPerSecond(writeBytes, elapsedMs),
    readOpsPerSecond: perSecond(reads, elapsedMs),
    writeOpsPerSecond: perSecond(writes, elapsedMs),
    utilisationPercent: shareOfTime(increaseOrZero(before.busyMs, now.busyMs, 32), elapsedMs),
    awaitMs: ended > 0 ? twoDecimals(waitedMs / ended) : null,
    queueLength: twoDecimals(increaseOrZero(before.weightedMs, now.weightedMs, 32) / elapsedMs),
  };
}

function interfaceSample(
  before: InterfaceCounters,
  now: InterfaceCounters,
  elapsedMs: number,
  wordBits: CounterBits,
): InterfaceSample | null {
  const receivedBytes = increase(before.receiveBytes, now.receiveBytes, wordBits);
  const transmittedBytes = increase(before.transmitBytes, now.transmitBytes, wordBits);
  if (Number.isNaN(receivedBytes + transmittedBytes)) return null;
  const rate = (earlier: number, later: number) =>
    perSecond(increaseOrZero(earlier, later, wordBits), elapsedMs);
  return {
    interface: now.interface,
    kind: now.kind,
    receiveBytesPerSecond: bytesPerSecond(receivedBytes, elapsedMs),
    transmitBytesPerSecond: bytesPerSecond(transmittedBytes, elapsedMs),
    receivePacketsPerSecond: rate(before.receivePackets, now.receivePackets),
    transmitPacketsPerSecond: rate(before.transmitPackets, now.transmitPackets),
    receiveErrorsPerSecond: rate(before.receiveErrors, now.receiveErrors),
    transmitErrorsPerSecond: rate(before.transmitErrors, now.transmitErrors),
    receiveDropsPerSecond: rate(before.receiveDrops, now.receiveDrops),
    transmitDropsPerSecond: rate(before.transmitDrops, now.transmitDrops),
  };
}

/** Null where either end is unknown or the counter was reset. */
function counterRate(
  before: number | null | undefined,
  now: number | null,
  elapsedMs: number,
  bits: CounterBits,
): number | null {
  if (before === null || before === undefined || now === null) return null;
  const grown = increase(before, now, bits);
  return Number.isNaN(grown) ? null : perSecond(grown, elapsedMs);
}

/** Pairs devices of two readings by name and leaves out those without a rate. */
function matched<Key extends string, Counters extends Record<Key, string>, Row>(
  before: readonly Counters[],
  now: readonly Counters[],
  key: Key,
  rowOf: (before: Counters, now: Counters) => Row | null,
): Row[] {
  const byName = new Map<string, Counters>();
  for (const counters of before) byName.set(counters[key], counters);
  const rows: Row[] = [];
  for (const counters of now) {
    const earlier = byName.get(counters[key]);
    const row = earlier ? rowOf(earlier, counters) : null;
    if (row) rows.push(row);
  }
  return rows;
}
