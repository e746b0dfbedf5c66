/** A host as the dashboard knows it: who it is, what it is made of, whether it is alive. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

export const hostStatuses = [
  'pairing',
  'live',
  'stale',
  'offline',
  'backfilling',
  'asleep',
  'paused',
  'incompatible',
] as const;
export const hostStatus = z.enum(hostStatuses);
export type HostStatus = z.infer<typeof hostStatus>;

/** Read once at start, and again when the machine wakes. Null: the platform does not say. */
export const inventory = z.object({
  platform: z.string().check(z.maxLength(32)),
  /** As a person would say it: "Debian GNU/Linux 12 (bookworm)". */
  os: z.string().check(z.maxLength(256)),
  kernel: z.string().check(z.maxLength(256)),
  architecture: z.string().check(z.maxLength(32)),
  cpuModel: z.nullable(z.string().check(z.maxLength(256))),
  coreCount: z.int().check(z.minimum(1)),
  memoryBytes: z.int().check(z.minimum(0)),
  /** "kvm", "docker", "none" ... */
  virtualisation: z.nullable(z.string().check(z.maxLength(64))),
  bootTime: z.int(),
  interfaces: z
    .array(
      z.object({
        interface: z.string().check(z.maxLength(64)),
        addresses: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(64)),
        mac: z.nullable(z.string().check(z.maxLength(32))),
        speedBitsPerSecond: z.nullable(z.number().check(z.minimum(0))),
      }),
    )
    .check(z.maxLength(256)),
});
export type Inventory = z.infer<typeof inventory>;

/** How the way from a host to this hub is. */
export const uplink = z.object({
  /** From an observation to its arrival here; null: not known yet. */
  lagMs: z.nullable(z.number()),
  /** How far its clock is ahead of the hub's; times are corrected by it. */
  skewMs: z.nullable(z.number()),
  /** While it sends what its spool kept: how much of it has come, 0-100. */
  backfillPercent: z.nullable(z.number().check(z.minimum(0), z.maximum(100))),
  /** What is wrong with it, one sentence. */
  trouble: z.nullable(z.string().check(z.maxLength(1024))),
});
export type Uplink = z.infer<typeof uplink>;

export const host = z.object({
  id: hostId,
  /** What people call it; the machine's host name unless renamed. */
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  status: hostStatus,
  /** Epoch milliseconds of the last status change. */
  statusSince: z.int(),
  /** Epoch milliseconds of the newest sample; null before the first. */
  lastSeen: z.nullable(z.int()),
  agentVersion: z.string().check(z.maxLength(64)),
  intervalMs: z.int().check(z.minimum(100), z.maximum(3_600_000)),
  inventory,
  /** How it comes here: observed by the hub's own process, sent by an agent, read from another hub, or asked of a node_exporter. */
  origin: z._default(z.enum(['local', 'agent', 'upstream', 'exporter']), 'local'),
  /** Where it is read from another hub: the epochs of the hubs it came through, nearest last. A hub that finds its own lets go. */
  via: z.optional(z.array(z.string().check(z.maxLength(32))).check(z.maxLength(8))),
  /** Given by the owner. */
  group: z._default(z.nullable(z.string().check(z.maxLength(64))), null),
  tags: z._default(z.array(z.string().check(z.maxLength(64))).check(z.maxLength(32)), []),
  /** Null for a local host. Changes are told when they matter, and at most every 10 s. */
  uplink: z._default(z.nullable(uplink), null),
});
export type Host = z.infer<typeof host>;

/** The hub has forgotten this host: let go of everything about it. */
export const gone = z.object({ host: hostId });
