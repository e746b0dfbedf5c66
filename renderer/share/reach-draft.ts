/** How a hub shall be reached: what is chosen on the screen, and the change that asks the hub for it. */
import { isOpenToBrowsers } from '../../shared/browser-ports.ts';
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
  /** As typed. */
  port: string;
  certificate: ReachSettings['certificate'];
  certificateFile: string;
  keyFile: string;
  /** Addresses and ranges, separated by commas, spaces or lines. */
  trustedProxies: string;
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
    port: String(settings.port),
    certificate: settings.certificate,
    certificateFile: settings.files?.certificate ?? '',
    keyFile: settings.files?.key ?? '',
    trustedProxies: settings.trustedProxies.join(', '),
  };
}

/** Why it cannot be asked for; null where it can. The hub looks at everything again. */
export function reachFaultOf(draft: ReachDraft): string | null {
  const { way, encryption, acceptsPlain, publicUrl, port, certificate, certificateFile, keyFile } = draft;
  if (way === 'url' && !ORIGIN.test(withScheme(publicUrl))) return words.badUrl;
  if (way === 'network' && encryption === 'plain' && !acceptsPlain) return words.plainNeeded;
  if (!/^\d{1,5}$/.test(port.trim()) || Number(port) > 65_535) return words.badPort;
  if (!isOpenToBrowsers(Number(port))) return words.closedPort(port.trim());
  if (certificate === 'files' && (certificateFile.trim() === '' || keyFile.trim() === ''))
    return words.filesNeeded;
  return null;
}

/** What has to change for it; null: nothing. */
export function reachChangeOf(draft: ReachDraft, settings: ReachSettings): ReachChange | null {
  const wanted: Partial<ReachSettings> = { ...wayOf(draft), ...detailsOf(draft) };
  const changed = Object.entries(wanted).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(settings[key as keyof ReachSettings]),
  );
  if (changed.length === 0) return null;
  const change: ReachChange = Object.fromEntries(changed);
  return change.network === 'plain' ? { ...change, acceptsPlain: true } : change;
}

/** The owner's own address leaves this network's door as it is. */
function wayOf({
  way,
  encryption,
  publicUrl,
}: ReachDraft): Partial<Pick<ReachSettings, 'publicUrl' | 'network'>> {
  switch (way) {
    case 'network':
      return { publicUrl: null, network: encryption };
    case 'machine':
      return { publicUrl: null, network: 'off' };
    case 'url':
      return { publicUrl: withScheme(publicUrl).replace(/\/$/, '') };
  }
}

function detailsOf(draft: ReachDraft): Partial<ReachSettings> {
  const { port, certificate, certificateFile, keyFile, trustedProxies } = draft;
  const isWithFiles = certificateFile.trim() !== '' && keyFile.trim() !== '';
  return {
    port: Number(port),
    certificate,
    ...(isWithFiles && { files: { certificate: certificateFile.trim(), key: keyFile.trim() } }),
    trustedProxies: trustedProxies.split(/[\s,]+/).filter(Boolean),
  };
}

/** Ways that a flag, the environment or the config file has decided against. */
export function closedWays({ settings, fixed }: Pick<ReachAnswer, 'settings' | 'fixed'>): ReachWay[] {
  const hasUrl = settings.publicUrl !== null;
  const isOpen = settings.network !== 'off';
  return reachWays.filter((way) => {
    if (fixed.includes('publicUrl') && (way === 'url') !== hasUrl) return true;
    return fixed.includes('network') && way !== 'url' && (way === 'network') !== isOpen;
  });
}

function withScheme(text: string): string {
  const typed = text.trim();
  return typed === '' || /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
}
