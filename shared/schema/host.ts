/** A host as the dashboard knows it: who it is, what it is made of, whether it is alive. */
import * as z from 'zod';

/** 1-64 characters; stable across restarts of the agent. */
export const hostId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

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
  platform: z.string().max(32),
  /** As a person would say it: "Debian GNU/Linux 12 (bookworm)". */
  os: z.string().max(256),
  kernel: z.string().max(256),
  architecture: z.string().max(32),
  cpuModel: z.string().max(256).nullable(),
  coreCount: z.int().min(1),
  memoryBytes: z.int().min(0),
  /** "kvm", "docker", "none" ... */
  virtualisation: z.string().max(64).nullable(),
  bootTime: z.int(),
  interfaces: z
    .array(
      z.object({
        interface: z.string().max(64),
        addresses: z.array(z.string().max(64)).max(64),
        mac: z.string().max(32).nullable(),
        speedBitsPerSecond: z.number().min(0).nullable(),
      }),
    )
    .max(256),
});
export type Inventory = z.infer<typeof inventory>;

/** How the way from a host to this hub is. */
export const uplink = z.object({
  /** From an observation to its arrival here; null: not known yet. */
  lagMs: z.number().nullable(),
  /** How far its clock is ahead of the hub's; times are corrected by it. */
  skewMs: z.number().nullable(),
  /** While it sends what its spool kept: how much of it has come, 0-100. */
  backfillPercent: z.number().min(0).max(100).nullable(),
  /** What is wrong with it, one sentence. */
  trouble: z.string().max(1024).nullable(),
});
export type Uplink = z.infer<typeof uplink>;

export const host = z.object({
  id: hostId,
  /** What people call it; the machine's host name unless renamed. */
  name: z.string().min(1).max(255),
  status: hostStatus,
  /** Epoch milliseconds of the last status change. */
  statusSince: z.int(),
  /** Epoch milliseconds of the newest sample; null before the first. */
  lastSeen: z.int().nullable(),
  agentVersion: z.string().max(64),
  intervalMs: z.int().min(100).max(3_600_000),
  inventory,
  /** How it comes here: observed by the hub's own process, sent by an agent, read from another hub, or asked of a node_exporter. */
  origin: z.enum(['local', 'agent', 'upstream', 'exporter']).default('local'),
  /** Where it is read from another hub: the epochs of the hubs it came through, nearest last. A hub that finds its own lets go. */
  via: z.array(z.string().max(32)).max(8).optional(),
  /** Given by the owner. */
  group: z.string().max(64).nullable().default(null),
  tags: z.array(z.string().max(64)).max(32).default([]),
  /** Null for a local host. Changes are told when they matter, and at most every 10 s. */
  uplink: uplink.nullable().default(null),
});
export type Host = z.infer<typeof host>;

/** The hub has forgotten this host: let go of everything about it. */
export const gone = z.object({ host: hostId });
export type Gone = z.infer<typeof gone>;
