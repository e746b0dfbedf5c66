/** Readings for tests: a small machine whose counters a test moves. */
import type { Instant } from '../../../../collect/metrics/sample-rates.ts';
import type { DiskCounters, InterfaceCounters, Reading } from '../../../../collect/metrics/reading.ts';

export function diskCounters(changes: Partial<DiskCounters> = {}): DiskCounters {
  return {
    device: 'sda',
    isPhysical: true,
    readBytes: 512_000,
    writeBytes: 1_024_000,
    reads: 100,
    writes: 200,
    discards: 0,
    readMs: 1_000,
    writeMs: 2_000,
    discardMs: 0,
    busyMs: 2_500,
    weightedMs: 3_000,
    ...changes,
  };
}

export function interfaceCounters(changes: Partial<InterfaceCounters> = {}): InterfaceCounters {
  return {
    interface: 'eth0',
    kind: 'physical',
    receiveBytes: 10_000,
    receivePackets: 100,
    receiveErrors: 0,
    receiveDrops: 0,
    transmitBytes: 20_000,
    transmitPackets: 200,
    transmitErrors: 0,
    transmitDrops: 0,
    ...changes,
  };
}

export function reading(changes: Partial<Reading> = {}): Reading {
  return {
    cpu: { machine: new Float64Array(8), cores: [new Float64Array(8)] },
    frequencyMhz: null,
    load: { one: 0.5, five: 0.4, fifteen: 0.3 },
    pressure: null,
    memory: {
      totalBytes: 8_000,
      availableBytes: 6_000,
      freeBytes: 4_000,
      cachedBytes: 2_000,
      buffersBytes: 500,
      dirtyBytes: 10,
      swapTotalBytes: 1_000,
      swapFreeBytes: 900,
      swappedInBytes: 4_096,
      swappedOutBytes: 8_192,
    },
    disks: [diskCounters()],
    interfaces: [interfaceCounters()],
    tcp: { retransmits: 10, established: 3 },
    kernel: { contextSwitches: 1_000, forks: 50, processesRunning: 1, processesBlocked: 0 },
    ...changes,
  };
}

/** An instant so many milliseconds after some start. */
export function instant(ms: number): Instant {
  return { wallMs: 1_700_000_000_000 + ms, monotonicMs: ms, uptimeMs: 500_000 + ms };
}
