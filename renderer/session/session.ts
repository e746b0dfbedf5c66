/**
 * Who looks at this page, and what they may do here: the one place that knows. Everybody else asks `may('publish')`, never the role.
 * The hub decides on its own what it lets anybody do; what is asked here is what to offer.
 */
import { computed, inject, ref, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import { MAX_VIEWER_NAME } from '../../shared/schema/shares.ts';
import type { Channel } from '../../shared/event-rules.ts';
import type { Hello, ShareTold } from '../../shared/schema/stream.ts';
import { readPreference, writePreference } from '../app/preference.ts';

/**
 * - `point`: show the others a moment on a chart;
 * - `publish`: put notes on the timeline, and take them back;
 * - `manage`: add, rename, pause and remove hosts, agents and upstreams;
 * - `share`: make links, see who watches, end them;
 * - `configure`: the settings of hub and page;
 * - `audit`: read who came in and what was changed.
 */
export type Deed = 'point' | 'publish' | 'manage' | 'share' | 'configure' | 'audit';

const deeds: Record<Hello['role'], ReadonlySet<Deed>> = {
  owner: new Set(['point', 'publish', 'manage', 'share', 'configure', 'audit']),
  viewer: new Set(['point']),
  // Operators are programs; a page that finds itself one shows what is there to see.
  operator: new Set(),
};

export interface Session {
  /** The share this page is of, by the page's address; null: the owner's page. */
  readonly share: string | null;
  /** What its viewers are told about it; null before the hub did, and on the owner's page. */
  readonly told: ComputedRef<ShareTold | null>;
  /** What this person is called before others; '': not said. Remembered by the browser. */
  readonly name: Ref<string>;
  may(deed: Deed): boolean;
  /** Whether what comes over this channel is shown here at all. Until the hub has said so it is taken to be. */
  sees(channel: Channel): boolean;
}

/** Before `hello` the address tells who this is: nothing appears only to go again. */
export function createSession(share: string | null, hello: Readonly<Ref<Hello | null>>): Session {
  const role = computed(() => hello.value?.role ?? (share === null ? 'owner' : 'viewer'));
  const channels = computed(() => hello.value?.channels ?? null);
  const name = ref((readPreference('own-name') ?? '').slice(0, MAX_VIEWER_NAME));
  watch(name, (next) => writePreference('own-name', next));

  return {
    share,
    told: computed(() => hello.value?.share ?? null),
    name,
    may: (deed) => deeds[role.value].has(deed),
    sees: (channel) => channels.value === null || channels.value.includes(channel),
  };
}

export const sessionKey: InjectionKey<Session> = Symbol('session');

export function useSession(): Session {
  const session = inject(sessionKey);
  if (session === undefined) throw new Error('useSession() was called outside the app');
  return session;
}
