/** A view: what one subscriber asked to see, narrowed by what it may. Subscribers with the same view share every write. */
import { shareParameter } from '../../shared/share-terms.ts';
import { ticketParameter } from '../../shared/schema/access.ts';
import { levelRank, logLevels } from '../../shared/log-level.ts';
import { DEFAULT_RECENT_SECONDS, MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import { hostId } from '../../shared/schema/host-id.ts';
import { channels, type Channel } from '../../shared/event-rules.ts';
import { bitsOf, everything, type Sight } from '../access/sight.ts';
import { badParameter, refuseUnknown } from '../http/parameters.ts';
import { notFound } from '../http/problem.ts';
import { channelBit } from './channel-bit.ts';
import type { Frame } from './frame.ts';

export interface View {
  /** Equal for equal views. */
  readonly key: string;
  /** For people: "channels=metrics,state hosts=web-1 level=warn". */
  readonly name: string;
  readonly channels: readonly Channel[];
  readonly channelBits: number;
  /** Whose sight narrows the rest. */
  readonly sight: Sight;
  /** As the hub knows them; null: all hosts of the sight. */
  readonly hosts: ReadonlySet<string> | null;
  /** The same as its readers know them, for `hello`. */
  readonly toldHosts: readonly string[] | null;
  /** Log lines below this rank are left out; -1: none is. */
  readonly levelFloor: number;
  /** Of what conflates, one event per host, name and this time, in milliseconds; 0: every one. */
  readonly intervalMs: number;
}

export interface StreamQuery {
  view: View;
  recentSeconds: number;
  lastEventId: string | null;
}

/** Longest `?hosts=` list. */
const MAX_VIEW_HOSTS = 256;
const viewParameters = ['channels', 'hosts', 'level', 'interval', 'recent'];
/** Shortest and longest `?interval=`, in milliseconds. */
const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 3_600_000;

/** What is called otherwise where the answer is no stream. */
export interface QueryNames {
  cursorName: string;
  /** Parameters that the caller reads itself. */
  others: readonly string[];
}

const streamNames: QueryNames = { cursorName: 'lastEventId', others: [] };

/**
 * `channel` is the one named by the path, for clients that read a single channel; null: `?channels=` says which.
 * Throws a `ProblemError`: 400 that names the parameter and what it may hold, 404 for a path of no channel.
 */
export function parseStreamQuery(
  query: URLSearchParams,
  channel: string | null,
  sight: Sight,
  { cursorName, others } = streamNames,
): StreamQuery {
  refuseUnknown(query, [...viewParameters, cursorName, ...others], [shareParameter, ticketParameter]);
  return {
    view: makeView(
      channel === null ? parseChannels(query) : parseChannelPath(query, channel),
      parseHosts(query),
      parseLevel(query),
      parseInterval(query),
      sight,
    ),
    recentSeconds: parseRecent(query),
    lastEventId: query.get(cursorName),
  };
}

export function makeView(
  asked: readonly Channel[],
  hosts: readonly string[] | null,
  levelFloor: number,
  intervalMs = 0,
  sight = everything,
): View {
  const channelBits = bitsOf(asked) & sight.channelBits;
  const held = hosts === null ? null : heldHosts(hosts, sight);
  const shown = channels.filter((channel) => (channelBits & channelBit(channel)) !== 0);
  const hostList = held === null ? '*' : [...held.keys()].sort().join(',');
  const level = levelFloor < 0 ? '' : ` level=${logLevels[levelFloor]}`;
  const interval = intervalMs === 0 ? '' : ` interval=${intervalMs}`;
  const through = sight.key === '' ? '' : ` sight=${sight.key}`;
  return {
    key: `${channelBits}|${levelFloor}|${intervalMs}|${hostList}|${sight.key}`,
    name: `channels=${shown.join(',')} hosts=${hostList}${level}${interval}${through}`,
    channels: shown,
    channelBits,
    sight,
    hosts: held && new Set(held.keys()),
    toldHosts: held === null ? sight.hosts : [...held.values()],
    levelFloor,
    intervalMs,
  };
}

/** What was asked for, by the hub's own ids, each with the one its readers know it by. What the sight does not hold is left out. */
function heldHosts(asked: readonly string[], sight: Sight): Map<string, string> {
  const held = new Map<string, string>();
  for (const shownId of asked) {
    const id = sight.hostKnownAs(shownId);
    if (id !== null && sight.holdsHost(id)) held.set(id, shownId);
  }
  return held;
}

/** All but what the sight changes in it: see `ShownFrames`. */
export function viewHolds(view: View, frame: Frame): boolean {
  return (
    (frame.channels & view.channelBits) !== 0 &&
    frame.level >= view.levelFloor &&
    (!frame.isOwners || view.sight.extent === 'owner') &&
    viewHoldsHost(view, frame.host) &&
    viewHoldsHosts(view, frame.hosts) &&
    (view.intervalMs === 0 || isFirstOfInterval(frame, view.intervalMs))
  );
}

/**
 * Intervals are aligned to the epoch, so that all readers of a view, live or by replay, hold the same events: of each
 * interval the first, which is the newest at its beginning.
 */
function isFirstOfInterval({ delivery, time, previousTime }: Frame, intervalMs: number): boolean {
  if (delivery !== 'conflate' || previousTime === null) return true;
  return Math.floor(time / intervalMs) !== Math.floor(previousTime / intervalMs);
}

/** What is of no single host concerns every reader. */
export function viewHoldsHost(view: View, host: string | null): boolean {
  if (host === null) return true;
  return (view.hosts === null || view.hosts.has(host)) && view.sight.holdsHost(host);
}

/** What is about two hosts is not for a reader of one: it would learn of the other. Null: about all. */
export function viewHoldsHosts(view: View, hosts: readonly string[] | null | undefined): boolean {
  return hosts == null || hosts.every((host) => viewHoldsHost(view, host));
}

export function viewHoldsChannel(view: View, channel: Channel): boolean {
  return (view.channelBits & channelBit(channel)) !== 0;
}

function parseChannels(query: URLSearchParams): readonly Channel[] {
  const text = query.get('channels');
  if (text === null) return channels;
  return text.split(',').map((name) => {
    const channel = channels.find((candidate) => candidate === name);
    if (!channel) throw badParameter('channels', `may hold ${channels.join(', ')}, separated by commas`);
    return channel;
  });
}

function parseChannelPath(query: URLSearchParams, name: string): readonly Channel[] {
  const channel = channels.find((candidate) => candidate === name);
  if (!channel) throw notFound();
  if (query.has('channels'))
    throw badParameter('channels', 'cannot be given where the path names the channel');
  return [channel];
}

/** A host that is not known yet is allowed: its events follow when it appears. */
export function parseHosts(query: URLSearchParams): readonly string[] | null {
  const text = query.get('hosts');
  if (text === null) return null;
  const ids = text.split(',');
  if (ids.length > MAX_VIEW_HOSTS) throw badParameter('hosts', `may hold at most ${MAX_VIEW_HOSTS} ids`);
  if (!ids.every((id) => hostId.safeParse(id).success))
    throw badParameter('hosts', 'may hold host ids, separated by commas');
  return ids;
}

function parseLevel(query: URLSearchParams): number {
  const text = query.get('level');
  if (text === null) return -1;
  const level = logLevels.find((candidate) => candidate === text);
  if (!level) throw badParameter('level', `may be one of ${logLevels.join(', ')}`);
  return levelRank(level);
}

function parseInterval(query: URLSearchParams): number {
  const text = query.get('interval');
  if (text === null) return 0;
  const intervalMs = /^\d{3,7}$/.test(text) ? Number(text) : 0;
  if (intervalMs < MIN_INTERVAL_MS || intervalMs > MAX_INTERVAL_MS)
    throw badParameter('interval', `may be ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS} milliseconds`);
  return intervalMs;
}

function parseRecent(query: URLSearchParams): number {
  const text = query.get('recent');
  if (text === null) return DEFAULT_RECENT_SECONDS;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Infinity;
  if (seconds > MAX_RECENT_SECONDS) throw badParameter('recent', `may be 0 to ${MAX_RECENT_SECONDS} seconds`);
  return seconds;
}
