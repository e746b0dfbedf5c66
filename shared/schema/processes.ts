/** The process table: the union of the top rows by CPU, by memory and by I/O. */
import * as z from 'zod';
import { hostId } from './host.ts';

const amount = z.number().min(0);

export const processRow = z.object({
  pid: z.int().min(0),
  parentPid: z.int().min(0),
  /** Short name, as the kernel keeps it. */
  name: z.string().max(256),
  /** Full command line, arguments joined by spaces; the name in brackets for kernel threads. */
  command: z.string().max(1024),
  user: z.string().max(256),
  /** The kernel's letter: R S D Z T I ... */
  state: z.string().max(4),
  /** Percent of one core, as `top` shows it; may pass 100. */
  cpuPercent: amount,
  residentBytes: amount,
  /** Null without permission to read the process's I/O account. */
  readBytesPerSecond: amount.nullable(),
  writeBytesPerSecond: amount.nullable(),
  threads: z.int().min(0),
  /** Epoch milliseconds. With the pid it names a process for good. */
  startTime: z.int(),
});
export type ProcessRow = z.infer<typeof processRow>;

export const processes = z.object({
  host: hostId,
  time: z.int(),
  intervalMs: amount,
  /** Of all processes, not only the rows. */
  total: z.int().min(0),
  running: z.int().min(0),
  rows: z.array(processRow).max(500),
});
export type Processes = z.infer<typeof processes>;
