/**
 * A sample: everything measured once a second on one host. Rates are per second over the time since
 * the sample before; null means the platform or a missing file leaves the value unknown, never zero.
 */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

/** 0-100. */
const percent = z.number().check(z.minimum(0), z.maximum(100));
const amount = z.number().check(z.minimum(0));

/** Share of the interval in which some, or all, runnable tasks waited (kernel doc: accounting/psi). */
const pressure = z.object({ some: percent, full: z.nullable(percent) });

export const diskSample = z.object({
  device: z.string().check(z.maxLength(64)),
  /** False for dm, md, loop ...: their traffic shows again on the disks below, so totals leave them out. */
  isPhysical: z.boolean(),
  readBytesPerSecond: amount,
  writeBytesPerSecond: amount,
  readOpsPerSecond: amount,
  writeOpsPerSecond: amount,
  /** Share of the interval with at least one request in flight. */
  utilisationPercent: percent,
  /** Mean time of the requests that ended in the interval; null when none did. */
  awaitMs: z.nullable(amount),
  /** Mean number of requests in flight. */
  queueLength: amount,
});
export type DiskSample = z.infer<typeof diskSample>;

export const interfaceSample = z.object({
  interface: z.string().check(z.maxLength(64)),
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
  intervalMs: z.number().check(z.minimum(0)),
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
    cores: z.array(percent).check(z.maxLength(4096)),
    frequencyMhz: z.nullable(amount),
  }),
  load: z.nullable(z.object({ one: amount, five: amount, fifteen: amount })),
  pressure: z.nullable(
    z.object({ cpu: z.nullable(pressure), memory: z.nullable(pressure), io: z.nullable(pressure) }),
  ),
  memory: z.object({
    totalBytes: amount,
    availableBytes: amount,
    /** total - available: what programs hold, as `free` counts it. */
    usedBytes: amount,
    freeBytes: amount,
    /** Page cache and reclaimable slab, as in `free`'s buff/cache less buffers. */
    cachedBytes: amount,
    buffersBytes: amount,
    dirtyBytes: z.nullable(amount),
    swapTotalBytes: amount,
    swapUsedBytes: amount,
    swapInBytesPerSecond: z.nullable(amount),
    swapOutBytesPerSecond: z.nullable(amount),
  }),
  disks: z.array(diskSample).check(z.maxLength(1024)),
  interfaces: z.array(interfaceSample).check(z.maxLength(1024)),
  tcp: z.nullable(
    z.object({
      retransmitsPerSecond: z.nullable(amount),
      established: z.nullable(z.int().check(z.minimum(0))),
    }),
  ),
  kernel: z.nullable(
    z.object({
      contextSwitchesPerSecond: amount,
      forksPerSecond: amount,
      processesRunning: z.int().check(z.minimum(0)),
      processesBlocked: z.int().check(z.minimum(0)),
    }),
  ),
});
export type Sample = z.infer<typeof sample>;
