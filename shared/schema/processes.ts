/** The process table: the union of the top rows by CPU, by memory and by I/O. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

const amount = z.number().check(z.minimum(0));

export const processRow = z.object({
  pid: z.int().check(z.minimum(0)),
  parentPid: z.int().check(z.minimum(0)),
  /** Short name, as the kernel keeps it. */
  name: z.string().check(z.maxLength(256)),
  /** Full command line, arguments joined by spaces; the name in brackets for kernel threads. */
  command: z.string().check(z.maxLength(1024)),
  user: z.string().check(z.maxLength(256)),
  /** The kernel's letter: R S D Z T I ... */
  state: z.string().check(z.maxLength(4)),
  /** Percent of one core, as `top` shows it; may pass 100. */
  cpuPercent: amount,
  residentBytes: amount,
  /** Null without permission to read the process's I/O account. */
  readBytesPerSecond: z.nullable(amount),
  writeBytesPerSecond: z.nullable(amount),
  threads: z.int().check(z.minimum(0)),
  /** Epoch milliseconds. With the pid it names a process for good. */
  startTime: z.int(),
});
export type ProcessRow = z.infer<typeof processRow>;

export const processes = z.object({
  host: hostId,
  time: z.int(),
  intervalMs: amount,
  /** Of all processes, not only the rows. */
  total: z.int().check(z.minimum(0)),
  running: z.int().check(z.minimum(0)),
  rows: z.array(processRow).check(z.maxLength(500)),
});
export type Processes = z.infer<typeof processes>;
