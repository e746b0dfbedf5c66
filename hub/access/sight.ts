/**
 * A sight: what a caller may see of this hub, whatever it asks for and by whichever door. A view is what was asked, narrowed by
 * the sight of who asks; REST answers are narrowed by the same.
 *
 * A sight never changes. Where what a caller may see does, as when a host joins a shared group, there is a new sight with
 * another key, and the streams that were opened with the old one are asked to come back (`Endings`).
 */
import type { StreamEvent } from '../../shared/events.ts';
import { channels, type Channel } from '../../shared/event-rules.ts';
import type { SightRecipe } from '../shares/sight-recipe.ts';
import { channelBit } from '../stream/channel-bit.ts';

/** A reader of `live` gets what it missed for this long, in milliseconds: a lost connection is no leaving. */
export const LIVE_REACH_MS = 60_000;

export interface Sight {
  /**
   * Equal for sights that show the same until the same moment, and for no others: their readers share one encoding. Empty for
   * `everything`.
   */
  readonly key: string;
  /** `owner`: all there is, also what only the owner is told; `hub`: all hosts and the hub's own numbers; `part`: what is below. */
  readonly extent: 'owner' | 'hub' | 'part';
  /** Which channels it holds, as bits of `channelBit`. */
  readonly channelBits: number;
  /** The hosts it holds, by the ids its readers know them by; null: all. Told in `hello`. */
  readonly hosts: readonly string[] | null;
  /** Whether it holds the host with this id, by which the hub knows it. */
  holdsHost(id: string): boolean;
  /** The hub's id of the host that its readers know by this one; null: it holds none. */
  hostKnownAs(shownId: string): string | null;
  /** Epoch milliseconds: nothing from before. `live`: nothing from before the reader came. Null: no bound. */
  readonly since: number | 'live' | null;
  /** Of `live`, where the past is asked for: nothing from before this moment, in epoch milliseconds. Default: no such bound. */
  readonly madeAt?: number;
  /** Epoch milliseconds: its streams end then. Null: never. */
  readonly endsAt: number | null;
  /**
   * What its readers get of an event of a host that it holds; null: nothing. Pure, and asked once per event, however many
   * readers there are. Null: it shows all events as they are, which costs nothing.
   */
  readonly show: ((event: StreamEvent) => StreamEvent | null) | null;
  /** What another thread makes the same sight from, as of this moment. Null: it shows all there is. */
  readonly recipe: (() => SightRecipe) | null;
}

/** The owner's. */
export const everything: Sight = {
  key: '',
  extent: 'owner',
  channelBits: bitsOf(channels),
  hosts: null,
  holdsHost: () => true,
  hostKnownAs: (shownId) => shownId,
  since: null,
  endsAt: null,
  show: null,
  recipe: null,
};

/** All hosts, and nothing that only the owner is told; `endsAt` as in `Sight`. */
export function wholeHub(endsAt: number | null): Sight {
  return { ...everything, key: `hub until ${endsAt}`, extent: 'hub', endsAt };
}

/** For those who may do something and see nothing. */
export const nothing: Sight = {
  ...everything,
  key: 'nothing',
  extent: 'part',
  channelBits: 0,
  hosts: [],
  holdsHost: () => false,
  hostKnownAs: () => null,
};

export function bitsOf(shown: readonly Channel[]): number {
  return shown.reduce((bits, channel) => bits | channelBit(channel), 0);
}

/** The oldest moment it shows, in epoch milliseconds; -Infinity: no bound. */
export function beginningOf({ since, madeAt = -Infinity }: Sight, now = Date.now()): number {
  if (since === null) return -Infinity;
  return since === 'live' ? Math.max(now - LIVE_REACH_MS, madeAt) : since;
}
