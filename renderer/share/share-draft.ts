/** What the Share dialog is filled with, and the request it makes. */
import { FilterSyntaxError } from '../../shared/filter/filter-syntax-error.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { MAX_SHARE_SECONDS } from '../../shared/share-terms.ts';
import {
  shareChannels,
  type Redaction,
  type Share,
  type ShareChannel,
  type ShareRequest,
  type ShareScope,
} from '../../shared/schema/shares.ts';
import { shareMessages as words } from './share-messages.ts';

/** Milliseconds before now that a viewer sees; null: all there is. `live`: nothing from before he came. */
export const histories = { live: 'live', minutes15: 15 * 60_000, hour: 3_600_000, all: null } as const;
export type HistoryKey = keyof typeof histories;

/** Seconds from now; null: until it is revoked. `custom`: until a moment that is chosen. */
export const lifetimes = {
  hour: 3600,
  day: 8 * 3600,
  week: 7 * 24 * 3600,
  never: null,
  custom: 'custom',
} as const;
export type LifetimeKey = keyof typeof lifetimes;

export interface Lifetime {
  key: LifetimeKey;
  /** Of `custom`: as `<input type="datetime-local">` has it, in local time; '' for none yet. */
  moment: string;
}

export interface ShareDraft {
  isAllHosts: boolean;
  hosts: string[];
  groups: string[];
  channels: ShareChannel[];
  logFilter: string;
  redact: Redaction;
  hidesNames: boolean;
  history: HistoryKey;
  lifetime: Lifetime;
  /** '': what it shows is its label. */
  label: string;
  by: string;
  /** As typed; '': any number. */
  maxViewers: string;
}

export type DraftField = 'hosts' | 'channels' | 'logFilter' | 'lifetime' | 'maxViewers';

/** All hosts, their metrics and processes but no logs, live, for a working day. */
export function newDraft(by = ''): ShareDraft {
  return {
    isAllHosts: true,
    hosts: [],
    groups: [],
    channels: ['metrics', 'processes'],
    logFilter: '',
    redact: { secrets: true, emails: false, addresses: false },
    hidesNames: false,
    history: 'live',
    lifetime: { key: 'day', moment: '' },
    label: '',
    by,
    maxViewers: '',
  };
}

/** Another link that shows what this one shows, and never more. */
export function draftLike({ scope, label, by, maxViewers, createdAt }: Share): ShareDraft {
  return {
    ...newDraft(by),
    isAllHosts: scope.hosts === null && scope.groups === null,
    hosts: [...(scope.hosts ?? [])],
    groups: [...(scope.groups ?? [])],
    channels: [...scope.channels],
    logFilter: scope.logFilter ?? '',
    redact: { ...scope.redact },
    hidesNames: scope.hidesNames,
    history: historyLike(scope.since, createdAt),
    label,
    maxViewers: maxViewers === null ? '' : String(maxViewers),
  };
}

function historyLike(since: ShareScope['since'], createdAt: number): HistoryKey {
  if (since === 'live') return 'live';
  if (since === 0) return 'all';
  // The page's clock and the hub's may differ a little.
  return createdAt - since < 2 * histories.minutes15 ? 'minutes15' : 'hour';
}

/** What keeps it from being sent: a sentence per field. Empty where nothing does. */
export function faultsOf(draft: ShareDraft, now: number): Partial<Record<DraftField, string>> {
  const faults: Partial<Record<DraftField, string>> = {};
  if (!draft.isAllHosts && draft.hosts.length + draft.groups.length === 0) faults.hosts = words.what.none;
  if (draft.channels.length === 0) faults.channels = words.what.noChannel;
  const filterFault = draft.channels.includes('logs') ? filterFaultOf(draft.logFilter) : null;
  if (filterFault !== null) faults.logFilter = filterFault;
  if (secondsOf(draft.lifetime, now) === undefined) faults.lifetime = words.until.past;
  if (draft.maxViewers.trim() !== '' && limitOf(draft.maxViewers) === null)
    faults.maxViewers = words.whom.badLimit;
  return faults;
}

function filterFaultOf(text: string): string | null {
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error.message;
    throw error;
  }
}

/** From now, whole and no shorter than to the moment; null: until it is revoked. Undefined: a moment that is past, too far away, or none. */
export function secondsOf({ key, moment }: Lifetime, now: number): number | null | undefined {
  const lifetime = lifetimes[key];
  if (lifetime !== 'custom') return lifetime;
  const seconds = Math.ceil((Date.parse(moment) - now) / 1000);
  return seconds >= 60 && seconds <= MAX_SHARE_SECONDS ? seconds : undefined;
}

/** Viewers at a time; null: any number. */
export function limitOf(text: string): number | null {
  const limit = Number(text.trim());
  return Number.isInteger(limit) && limit >= 1 && limit <= 10_000 ? limit : null;
}

/** Of a draft without faults. `label`: what it is called where nothing was typed. */
export function requestOf(draft: ShareDraft, label: string, now: number): ShareRequest {
  return {
    label: draft.label.trim() || label,
    by: draft.by.trim(),
    scope: scopeOf(draft, now),
    expiresInSeconds: secondsOf(draft.lifetime, now) ?? null,
    maxViewers: limitOf(draft.maxViewers),
  };
}

export function scopeOf(draft: ShareDraft, now: number): ShareScope {
  const history = histories[draft.history];
  const showsLogs = draft.channels.includes('logs');
  return {
    hosts: draft.isAllHosts || draft.hosts.length === 0 ? null : draft.hosts,
    groups: draft.isAllHosts || draft.groups.length === 0 ? null : draft.groups,
    channels: shareChannels.filter((channel) => draft.channels.includes(channel)),
    logFilter: (showsLogs && draft.logFilter.trim()) || null,
    redact: draft.redact,
    hidesNames: draft.hidesNames,
    since: history === 'live' ? 'live' : history === null ? 0 : now - history,
  };
}
