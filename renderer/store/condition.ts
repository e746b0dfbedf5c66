/** How a host is doing, judged from what the page knows: its tone, a word, and why. */
import type { Alert, AlertLevel, AlertMeasure } from '../../shared/schema/alerts.ts';
import type { HostStatus } from '../../shared/schema/host.ts';
import type { Filesystems } from '../../shared/schema/slow-tiers.ts';
import { OFFLINE_AFTER_INTERVALS, STALE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import { alertSentence } from '../alerts/alert-words.ts';
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
  /** Of the reasons, the troubles that no alert tells of. */
  ownReasons: string[];
  /** Of the reasons, what alerts tell of besides its silence. */
  alertReasons: string[];
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

/** What is wrong with a host that speaks, by the thing it is about, as alerts name it. */
interface Trouble {
  /** Null: of nothing that a rule watches. */
  measure: AlertMeasure | null;
  /** Of a filesystem its mount. */
  subject: string | null;
  /** Null: it counts no more, and is told all the same. */
  level: AlertLevel | null;
  sentence: string;
}

/**
 * `now`: epoch milliseconds of the hub; `firing`: the alerts that fire on this host. What one is about is told by it alone, and an
 * acknowledged one makes a host no worse. Follows `host` and `filesystems`; samples are looked at as they are.
 */
export function conditionOf(state: HostState, now: number, firing: readonly Alert[] = []): Condition {
  const status = statusOf(state, now);
  return status === 'live' || status === 'backfilling'
    ? conditionOfSpeaking(state, status, now, firing)
    : conditionOfSilent(state, status, now, firing);
}

/** Nothing new comes from it: its values are old, and its status is what there is to say. What else fires on it may be over by now. */
function conditionOfSilent(
  state: HostState,
  status: HostStatus,
  now: number,
  firing: readonly Alert[],
): Condition {
  // Its next sample is news that does not wait for the second's turn.
  void state.sample.value;
  const { lastSeen, uplink } = state.host.value;
  const lastTime = state.latest.sample?.time ?? lastSeen;
  const ageMs = lastTime === null ? null : now - lastTime;
  const silence = firing.find(isOfSilence);
  const ownReasons: string[] = [];
  if ((status === 'stale' || status === 'offline') && ageMs !== null && silence === undefined)
    ownReasons.push(messages.condition.silent(formatAge(ageMs)));
  if (uplink?.trouble) ownReasons.push(uplink.trouble);
  const alertReasons = firing
    .filter((alert) => !isOfSilence(alert))
    .map((alert) => alertSentence(alert, now));
  const level = silence === undefined ? null : levelOf(silence, null);
  return {
    ...hostStatusLooks[status],
    ...(level !== null && { tone: level }),
    status,
    rank: level === 'crit' ? ranks.critical : (silentRanks[status] ?? ranks.other),
    isStale: true,
    ageMs,
    reasons: [
      ...(silence === undefined ? [] : [alertSentence(silence, now)]),
      ...ownReasons,
      ...alertReasons,
    ],
    ownReasons,
    alertReasons,
  };
}

function conditionOfSpeaking(
  state: HostState,
  status: 'live' | 'backfilling',
  now: number,
  firing: readonly Alert[],
): Condition {
  const { uplink } = state.host.value;
  const percent = status === 'backfilling' ? (uplink?.backfillPercent ?? 0) : null;
  // Of hundreds of mounts each may fire: what belongs together is looked up, and every one of them is looked at once.
  const shares = new Map(mountShares(state).map((share) => [share.mount, share.percent]));
  const own = new Map(troublesOf(state, now, shares).map((trouble) => [thingOf(trouble), trouble]));
  // It is back: that of its silence is about to end.
  const alerts = firing.filter((alert) => !isOfSilence(alert));
  const told = alerts.map((alert) =>
    troubleOf(alert, own.get(thingOf(alert)), now, () => amountOf(alert, state, now, shares)),
  );
  const things = new Set(alerts.map(thingOf));
  const untold = [...own.values()].filter((trouble) => !things.has(thingOf(trouble)));
  const troubles = [...told, ...untold].sort(
    (a, b) => levelRanks[b.level ?? 'none'] - levelRanks[a.level ?? 'none'],
  );
  const reasons = troubles.map(({ sentence }) => sentence);
  if (percent !== null) reasons.push(messages.condition.backfilling(Math.floor(percent)));
  const ownReasons = untold.map(({ sentence }) => sentence);
  const alertReasons = told.map(({ sentence }) => sentence);
  const common = { status, isStale: false, ageMs: null, reasons, ownReasons, alertReasons };
  const { critical, warning, healthy } = messages.condition;
  const worst = troubles[0]?.level ?? null;
  if (worst === 'crit')
    return { ...common, rank: ranks.critical, tone: 'crit', shape: 'octagon', word: critical };
  if (worst === 'warn')
    return { ...common, rank: ranks.warning, tone: 'warn', shape: 'triangle', word: warning };
  if (percent !== null) {
    const { tone, shape, word } = hostStatusLooks.backfilling;
    return { ...common, rank: ranks.other, tone, shape, word, percent };
  }
  return { ...common, rank: ranks.healthy, tone: 'ok', shape: 'circle', word: healthy };
}

const levelRanks: Record<AlertLevel | 'none', number> = { crit: 2, warn: 1, none: 0 };

/** What the page itself sees, one sentence each. `shares`: percent by mount, fullest first. */
function troublesOf(state: HostState, now: number, shares: ReadonlyMap<string, number>): Trouble[] {
  const troubles: Trouble[] = [];
  const { disk, memory: memoryWords, cpu: cpuWords } = messages.condition;
  const trouble = state.host.value.uplink?.trouble;
  if (trouble) troubles.push({ measure: null, subject: null, level: 'warn', sentence: trouble });
  for (const [mount, percent] of shares) {
    if (percent <= limits.diskWarn) continue;
    const level = percent > limits.diskCritical ? 'crit' : 'warn';
    const sentence = disk(mount, formatPercent(percent));
    troubles.push({ measure: 'disk', subject: mount, level, sentence });
  }
  const memory = memoryPercent(state);
  if (memory > limits.memoryWarn) {
    const sentence = memoryWords(formatPercent(memory));
    troubles.push({ measure: 'memory', subject: null, level: 'warn', sentence });
  }
  const cpu = meanBusyPercent(state, now);
  if (cpu > limits.cpuWarn) {
    const sentence = cpuWords(formatPercent(cpu));
    troubles.push({ measure: 'cpu', subject: null, level: 'warn', sentence });
  }
  return troubles;
}

/** What an alert tells, in the place of what the page sees of the same thing. */
function troubleOf(alert: Alert, own: Trouble | undefined, now: number, amount: () => number): Trouble {
  const { measure, subject } = alert;
  const sentence = alertSentence(withAmount(alert, amount), now);
  return { measure, subject, level: levelOf(alert, own?.level ?? null), sentence };
}

/** The worse of the two. Who acknowledged a warning has not seen what became critical since. */
function levelOf({ level, acknowledgedAt }: Alert, seen: AlertLevel | null): AlertLevel | null {
  if (seen !== null && levelRanks[seen] > levelRanks[level]) return seen;
  return acknowledgedAt === null ? level : null;
}

function isOfSilence({ measure }: Alert): boolean {
  return measure === 'offline';
}

/** The same text for all that is told of one thing. */
function thingOf({ measure, subject }: Pick<Trouble, 'measure' | 'subject'>): string {
  return `${measure ?? ''} ${subject ?? ''}`;
}

/** With the amount of now where that is known and still over the limit: an alert tells only what was measured when it fired. */
export function alertNow(alert: Alert, state: HostState | undefined, now: number): Alert {
  return state === undefined ? alert : withAmount(alert, () => amountOf(alert, state, now, null));
}

function withAmount(alert: Alert, amount: () => number): Alert {
  if (alert.endedAt !== null || alert.above === null) return alert;
  const percent = amount();
  return percent > alert.above ? { ...alert, peak: Math.min(100, percent) } : alert;
}

/** Percent; 0 where nobody knows. `shares`: percent by mount, where they are known already. */
function amountOf(
  { measure, subject }: Alert,
  state: HostState,
  now: number,
  shares: ReadonlyMap<string, number> | null,
): number {
  if (measure === 'disk') return (shares === null ? shareOf(state, subject) : shares.get(subject ?? '')) ?? 0;
  if (measure === 'memory') return memoryPercent(state);
  return measure === 'cpu' ? meanBusyPercent(state, now) : 0;
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
    .filter(isJudged)
    .map((each) => {
      const { mount, usedBytes, availableBytes, totalBytes } = each;
      return { mount, usedBytes, availableBytes, totalBytes, percent: percentOf(each) };
    })
    .sort((a, b) => b.percent - a.percent);
}

/** That of one mount, without a look at how full the others are; undefined: it has none. */
function shareOf(state: HostState, mount: string | null): number | undefined {
  const found = state.filesystems.value?.mounts.find((each) => each.mount === mount && isJudged(each));
  return found && percentOf(found);
}

type MountReading = Filesystems['mounts'][number];

function isJudged({ isReadOnly, usedBytes, availableBytes }: MountReading): boolean {
  return !isReadOnly && usedBytes + availableBytes > 0;
}

function percentOf({ usedBytes, availableBytes }: MountReading): number {
  return (100 * usedBytes) / (usedBytes + availableBytes);
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
