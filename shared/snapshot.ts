/** The REST snapshot, `GET /api/v1/hosts`: the newest of everything, for clients that only ask once. */
import * as z from 'zod/mini';
import { host } from './schema/host.ts';
import { logSource } from './schema/logs.ts';
import { processes } from './schema/processes.ts';
import { sample } from './schema/sample.ts';
import { filesystems, sensors } from './schema/slow-tiers.ts';

const hostSnapshot = z.object({
  host,
  sample: z.nullable(sample),
  filesystems: z.nullable(filesystems),
  sensors: z.nullable(sensors),
  processes: z.nullable(processes),
  sources: z.array(logSource),
});
export type HostSnapshot = z.infer<typeof hostSnapshot>;

export const hostsAnswer = z.object({
  /** A stream opened with this as `lastEventId` goes on exactly where this answer ends. */
  cursor: z.string(),
  serverTime: z.int(),
  hosts: z.array(hostSnapshot),
});
export type HostsAnswer = z.infer<typeof hostsAnswer>;

/** The body of every answer that is not a success. */
export const problem = z.object({
  error: z.object({ code: z.string(), message: z.string(), remedy: z.nullable(z.string()) }),
});
export type Problem = z.infer<typeof problem>;
