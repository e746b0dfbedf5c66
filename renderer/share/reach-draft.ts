/** Where links shall lead: what is chosen on the screen, and the change that asks the hub for it. */
import type { ReachAnswer, ReachChange, ReachSettings } from '../../shared/schema/reach.ts';
import { shareMessages } from './share-messages.ts';

export const reachWays = ['network', 'url', 'machine'] as const;
export type ReachWay = (typeof reachWays)[number];

export interface ReachDraft {
  way: ReachWay;
  encryption: 'tls' | 'plain';
  /** The warning about plain HTTP was read. */
  acceptsPlain: boolean;
  publicUrl: string;
}

const words = shareMessages.reach;
/** An origin and nothing behind it, as the hub wants it. */
const ORIGIN = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?\/?$/i;

export function reachWayOf({ network, publicUrl }: ReachSettings): ReachWay {
  if (publicUrl !== null) return 'url';
  return network === 'off' ? 'machine' : 'network';
}

export function reachDraftOf(settings: ReachSettings): ReachDraft {
  return {
    way: reachWayOf(settings),
    encryption: settings.network === 'plain' ? 'plain' : 'tls',
    acceptsPlain: settings.network === 'plain',
    publicUrl: settings.publicUrl ?? '',
  };
}

/** Why it cannot be asked for; null where it can. */
export function reachFaultOf({ way, encryption, acceptsPlain, publicUrl }: ReachDraft): string | null {
  if (way === 'url') return ORIGIN.test(withScheme(publicUrl)) ? null : words.badUrl;
  if (way === 'network' && encryption === 'plain' && !acceptsPlain) return words.plainNeeded;
  return null;
}

/** What has to change for it; null: nothing. The owner's own address leaves this network's door as it is. */
export function reachChangeOf(draft: ReachDraft, settings: ReachSettings): ReachChange | null {
  const wanted = wantedOf(draft);
  const change: ReachChange = {};
  if (wanted.publicUrl !== settings.publicUrl) change.publicUrl = wanted.publicUrl;
  if (wanted.network !== undefined && wanted.network !== settings.network) {
    change.network = wanted.network;
    if (wanted.network === 'plain') change.acceptsPlain = true;
  }
  return Object.keys(change).length === 0 ? null : change;
}

function wantedOf({ way, encryption, publicUrl }: ReachDraft): {
  publicUrl: string | null;
  network?: ReachSettings['network'];
} {
  switch (way) {
    case 'network':
      return { publicUrl: null, network: encryption };
    case 'machine':
      return { publicUrl: null, network: 'off' };
    case 'url':
      return { publicUrl: withScheme(publicUrl).replace(/\/$/, '') };
  }
}

/** Ways that a flag or the config file has decided against. */
export function closedWays({ settings, fixed }: Pick<ReachAnswer, 'settings' | 'fixed'>): ReachWay[] {
  return reachWays.filter((way) => {
    const { publicUrl, network } = wantedOf({ ...reachDraftOf(settings), way });
    const changesUrl = way === 'url' ? settings.publicUrl === null : publicUrl !== settings.publicUrl;
    return (
      (fixed.includes('publicUrl') && changesUrl) ||
      (fixed.includes('network') &&
        network !== undefined &&
        (network === 'off') !== (settings.network === 'off'))
    );
  });
}

function withScheme(text: string): string {
  const typed = text.trim();
  return typed === '' || /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
}
