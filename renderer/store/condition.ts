/** How a host is doing, judged from what the page knows: its tone, a word, and why. */
import type { HostStatus } from '../../shared/schema/host.ts';
import { OFFLINE_AFTER_INTERVALS, STALE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import { hostStatusLooks, type StatusLook } from '../components/status.ts';
import { formatPercent } from '../format/units.ts';
import { formatAge } from '../format/time.ts';
import { messages } from '../messages.ts';
import type { HostState } from './host-state.ts';

export interface Condition extends StatusLook {
  /** Higher is worse: the order of the overview. */
  rank: number;
  /** One sentence each, worst first. */
  reasons: string[];
  /** The status the page itself can vouch for: a hub that fell silent cannot tell us that a host is stale. */
  status: HostStatus;
  /** Its values are old: show them grey. */
  isStale: boolean;
  /** Of the newest sample, where values are old; null: there is none, or they are not. */
  ageMs: number | null;
}

/** Percent. The design's defaults: a disk over 90, memory over 95; one a person would act on sooner is critical. */
export const limits = {
  cpuWarn: 90,
  memoryWarn: 95,
  diskWarn: 90,
  diskCritical: 97,
} as const;

/** The CPU is judged by its mean over this long: a single busy second is no news. */
const cpuSpanMs = 60_000;

const ranks = { critical: 4, offline: 3, warning: 2, other: 1, healthy: 0 } as const;
const silentRanks: Partial<Record<HostStatus, number>> = {
  incompatible: ranks.offline,
  offline: ranks.offline,
  stale: ranks.warning,
};

/** More than this much of a difference between a host's clock and the hub's is worth a word. */
export const SKEW_SHOWN_MS = 2_000;

/** `now`: epoch milliseconds of the hub. Follows `host` and `filesystems`; samples are looked at as they are. */
export function conditionOf(state: HostState, now: number): Condition {
  const status = statusOf(state, now);
  return status === 'live' || status === 'backfilling'
    ? conditionOfSpeaking(state, status, now)
    : conditionOfSilent(state, status, now);
}

/** Nothing new comes from it: its values are old, and its status is what there is to say. */
function conditionOfSilent(state: HostState, status: HostStatus, now: number): Condition {
  // Its next sample is news that does not wait for the second's turn.
  void state.sample.value;
  const { lastSeen, uplink } = state.host.value;
  const lastTime = state.latest.sample?.time ?? lastSeen;
  const ageMs = lastTime === null ? null : now - lastTime;
  const reasons: string[] = [];
  if ((status === 'stale' || status === 'offline') && ageMs !== null)
    reasons.push(messages.condition.silent(formatAge(ageMs)));
  if (uplink?.trouble) reasons.push(uplink.trouble);
  return {
    ...hostStatusLooks[status],
    status,
    rank: silentRanks[status] ?? ranks.other,
    isStale: true,
    ageMs,
    reasons,
  };
}

function conditionOfSpeaking(state: HostState, status: 'live' | 'backfilling', now: number): Condition {
  const { uplink } = state.host.value;
  const percent = status === 'backfilling' ? (uplink?.backfillPercent ?? 0) : null;
  const { critical, warnings } = troublesOf(state, now);
  if (uplink?.trouble) warnings.unshift(uplink.trouble);
  const reasons = [...critical, ...warnings];
  if (percent !== null) reasons.push(messages.condition.backfilling(Math.floor(percent)));
  const common = { status, isStale: false, ageMs: null, reasons };
  const { critical: criticalWord, warning, healthy } = messages.condition;
  if (critical.length > 0)
    return { ...common, rank: ranks.critical, tone: 'crit', shape: 'octagon', word: criticalWord };
  if (warnings.length > 0)
    return { ...common, rank: ranks.warning, tone: 'warn', shape: 'triangle', word: warning };
  if (percent !== null) {
    const { tone, shape, word } = hostStatusLooks.backfilling;
    return { ...common, rank: ranks.other, tone, shape, word, percent };
  }
  return { ...common, rank: ranks.healthy, tone: 'ok', shape: 'circle', word: healthy };
}

/** One sentence each. */
function troublesOf(state: HostState, now: number): { critical: string[]; warnings: string[] } {
  const warnings: string[] = [];
  const critical: string[] = [];
  for (const { mount, percent } of mountShares(state)) {
    if (percent > limits.diskCritical) critical.push(messages.condition.disk(mount, formatPercent(percent)));
    else if (percent > limits.diskWarn) warnings.push(messages.condition.disk(mount, formatPercent(percent)));
  }
  const memory = memoryPercent(state);
  if (memory > limits.memoryWarn) warnings.push(messages.condition.memory(formatPercent(memory)));
  const cpu = meanBusyPercent(state, now);
  if (cpu > limits.cpuWarn) warnings.push(messages.condition.cpu(formatPercent(cpu)));
  return { critical, warnings };
}

/** False for what is as it should be, such as a host that sleeps. */
export function needsAttention({ rank }: Pick<Condition, 'rank'>): boolean {
  return rank >= ranks.warning;
}

/** True where nobody could tell the two apart. */
export function isSameCondition(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.rank === b.rank &&
    a.word === b.word &&
    a.percent === b.percent &&
    formatAge(a.ageMs) === formatAge(b.ageMs) &&
    a.reasons.join('\n') === b.reasons.join('\n')
  );
}

export interface MountShare {
  mount: string;
  /** As `df` tells it: used / (used + available), without reserved blocks. */
  percent: number;
  usedBytes: number;
  availableBytes: number;
  totalBytes: number;
}

/** Writable mounts, fullest first. Images mounted read-only are always full and say nothing. */
export function mountShares(state: HostState): MountShare[] {
  const mounts = state.filesystems.value?.mounts ?? [];
  return mounts
    .filter((each) => !each.isReadOnly && each.usedBytes + each.availableBytes > 0)
    .map(({ mount, usedBytes, availableBytes, totalBytes }) => ({
      mount,
      usedBytes,
      availableBytes,
      totalBytes,
      percent: (100 * usedBytes) / (usedBytes + availableBytes),
    }))
    .sort((a, b) => b.percent - a.percent);
}

/** The hub's word, unless our own clock knows of a longer silence. */
function statusOf(state: HostState, now: number): HostStatus {
  const { status, intervalMs } = state.host.value;
  const lastTime = state.latest.sample?.time;
  if (status !== 'live' && status !== 'stale' && status !== 'backfilling') return status;
  if (lastTime === undefined) return status;
  const missed = (now - lastTime) / intervalMs;
  if (missed > OFFLINE_AFTER_INTERVALS) return 'offline';
  return missed > STALE_AFTER_INTERVALS ? 'stale' : status;
}

function memoryPercent(state: HostState): number {
  const memory = state.latest.sample?.memory;
  return memory && memory.totalBytes > 0 ? (100 * memory.usedBytes) / memory.totalBytes : 0;
}

/** 0 where less than nine tenths of the span are known: "for a minute" must be true. */
function meanBusyPercent(state: HostState, now: number): number {
  const { columns } = state.series.window(['cpu.idle', 'cpu.iowait'], now - cpuSpanMs, now);
  const [idle, iowait] = [columns[0]!, columns[1]!];
  let sum = 0;
  let known = 0;
  for (let row = 0; row < idle.length; row++) {
    const busy = 100 - idle[row]! - (iowait[row]! || 0);
    if (Number.isNaN(busy)) continue;
    sum += busy;
    known++;
  }
  return known * state.host.value.intervalMs >= cpuSpanMs * 0.9 ? sum / known : 0;
}
