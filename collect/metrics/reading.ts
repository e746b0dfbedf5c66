/**
 * A reading: the raw counters and gauges of one instant, as every platform delivers them. Counters
 * only ever grow until they wrap or their device is reset; `sample-rates.ts` makes rates of two readings.
 */

/** Counted time per mode, any unit, in this order. Guest time is part of user and nice, as the kernel has it. */
export const cpuModes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
export type CpuMode = (typeof cpuModes)[number];
/** Eight counters in the order of `cpuModes`. */
export type CpuTimes = Float64Array;

export interface CpuReading {
  machine: CpuTimes;
  /** By core number; null for a core that is offline. */
  cores: readonly (CpuTimes | null)[];
}

/** Microseconds waited since boot; `full` null where the kernel does not count it. */
export interface PressureTotals {
  some: number;
  full: number | null;
}

export interface PressureReading {
  cpu: PressureTotals | null;
  memory: PressureTotals | null;
  io: PressureTotals | null;
}

export interface LoadReading {
  one: number;
  five: number;
  fifteen: number;
}

export interface MemoryReading {
  totalBytes: number;
  availableBytes: number;
  freeBytes: number;
  cachedBytes: number;
  buffersBytes: number;
  dirtyBytes: number | null;
  swapTotalBytes: number;
  swapFreeBytes: number;
  /** Counters, in bytes since boot. */
  swappedInBytes: number | null;
  swappedOutBytes: number | null;
}

/** Counters since boot; times in milliseconds, kept by the kernel in 32 bits. */
export interface DiskCounters {
  device: string;
  isPhysical: boolean;
  readBytes: number;
  writeBytes: number;
  reads: number;
  writes: number;
  discards: number;
  readMs: number;
  writeMs: number;
  discardMs: number;
  /** Time with at least one request in flight. */
  busyMs: number;
  /** The same, times the number of requests in flight. */
  weightedMs: number;
}

export type InterfaceKind = 'physical' | 'virtual' | 'loopback';

export interface InterfaceCounters {
  interface: string;
  kind: InterfaceKind;
  receiveBytes: number;
  receivePackets: number;
  receiveErrors: number;
  receiveDrops: number;
  transmitBytes: number;
  transmitPackets: number;
  transmitErrors: number;
  transmitDrops: number;
}

export interface TcpReading {
  /** Counter. */
  retransmits: number | null;
  established: number | null;
}

export interface KernelReading {
  /** Counters. */
  contextSwitches: number;
  forks: number;
  processesRunning: number;
  processesBlocked: number;
}

/** Null: this platform does not say. */
export interface Reading {
  cpu: CpuReading | null;
  frequencyMhz: number | null;
  load: LoadReading | null;
  pressure: PressureReading | null;
  memory: MemoryReading;
  disks: DiskCounters[];
  interfaces: InterfaceCounters[];
  tcp: TcpReading | null;
  kernel: KernelReading | null;
}
