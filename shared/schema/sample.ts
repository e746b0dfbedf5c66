/**
 * A sample: everything measured once a second on one host. Rates are per second over the time since
 * the sample before; null means the platform or a missing file leaves the value unknown, never zero.
 */
import * as z from 'zod';
import { hostId } from './host.ts';

/** 0-100. */
const percent = z.number().min(0).max(100);
const amount = z.number().min(0);

/** Share of the interval in which some, or all, runnable tasks waited (kernel doc: accounting/psi). */
const pressure = z.object({ some: percent, full: percent.nullable() });

export const diskSample = z.object({
  device: z.string().max(64),
  /** False for dm, md, loop ...: their traffic shows again on the disks below, so totals leave them out. */
  isPhysical: z.boolean(),
  readBytesPerSecond: amount,
  writeBytesPerSecond: amount,
  readOpsPerSecond: amount,
  writeOpsPerSecond: amount,
  /** Share of the interval with at least one request in flight. */
  utilisationPercent: percent,
  /** Mean time of the requests that ended in the interval; null when none did. */
  awaitMs: amount.nullable(),
  /** Mean number of requests in flight. */
  queueLength: amount,
});
export type DiskSample = z.infer<typeof diskSample>;

export const interfaceSample = z.object({
  interface: z.string().max(64),
  kind: z.enum(['physical', 'virtual', 'loopback']),
  receiveBytesPerSecond: amount,
  transmitBytesPerSecond: amount,
  receivePacketsPerSecond: amount,
  transmitPacketsPerSecond: amount,
  receiveErrorsPerSecond: amount,
  transmitErrorsPerSecond: amount,
  receiveDropsPerSecond: amount,
  transmitDropsPerSecond: amount,
});
export type InterfaceSample = z.infer<typeof interfaceSample>;

export const sample = z.object({
  host: hostId,
  /** Epoch milliseconds. */
  time: z.int(),
  /** Measured by the monotonic clock: what the rates below were divided by. */
  intervalMs: z.number().min(0),
  uptimeSeconds: amount,
  /** Shares of the whole machine; the eight modes add up to 100. */
  cpu: z.object({
    user: percent,
    nice: percent,
    system: percent,
    iowait: percent,
    irq: percent,
    softirq: percent,
    steal: percent,
    idle: percent,
    /** Busy share of each core, in the kernel's order. Busy is all but idle and iowait. */
    cores: z.array(percent).max(4096),
    frequencyMhz: amount.nullable(),
  }),
  load: z.object({ one: amount, five: amount, fifteen: amount }).nullable(),
  pressure: z
    .object({ cpu: pressure.nullable(), memory: pressure.nullable(), io: pressure.nullable() })
    .nullable(),
  memory: z.object({
    totalBytes: amount,
    availableBytes: amount,
    /** total - available: what programs hold, as `free` counts it. */
    usedBytes: amount,
    freeBytes: amount,
    /** Page cache and reclaimable slab, as in `free`'s buff/cache less buffers. */
    cachedBytes: amount,
    buffersBytes: amount,
    dirtyBytes: amount.nullable(),
    swapTotalBytes: amount,
    swapUsedBytes: amount,
    swapInBytesPerSecond: amount.nullable(),
    swapOutBytesPerSecond: amount.nullable(),
  }),
  disks: z.array(diskSample).max(1024),
  interfaces: z.array(interfaceSample).max(1024),
  tcp: z
    .object({ retransmitsPerSecond: amount.nullable(), established: z.int().min(0).nullable() })
    .nullable(),
  kernel: z
    .object({
      contextSwitchesPerSecond: amount,
      forksPerSecond: amount,
      processesRunning: z.int().min(0),
      processesBlocked: z.int().min(0),
    })
    .nullable(),
});
export type Sample = z.infer<typeof sample>;
