/** What a share shows, for how long and to whom, in words. */
import type { Share, ShareScope } from '../../shared/schema/shares.ts';
import { visibleText } from '../../shared/visible-text.ts';
import type { Shape, Tone } from '../components/status.ts';
import { formatDuration, formatMoment } from '../format/time.ts';
import { shareMessages } from './share-messages.ts';

/** A host's name by its id; the id where nobody knows it any more. */
export type HostName = (id: string) => string;

const { scope: words, screen, what } = shareMessages;

/** "web-1 and 2 more": what a link is called where nobody gave it a label. At most 100 characters. */
export function hostsLabel(
  { hosts, groups }: Pick<ShareScope, 'hosts' | 'groups'>,
  hostName: HostName,
): string {
  const names = [...(groups ?? []), ...(hosts ?? []).map(hostName)].map(visibleText);
  const [first] = names;
  if (first === undefined) return words.allHosts;
  const short = first.length > 64 ? `${first.slice(0, 63)}…` : first;
  return names.length === 1 ? short : words.andMore(short, names.length - 1);
}

/** Chips: the hosts, what of them, and every way in which it is less than what the owner sees. */
export function scopeLabels(scope: ShareScope, hostName: HostName, now: number): string[] {
  const { channels, logFilter, redact, since, hidesNames } = scope;
  return [
    hostsLabel(scope, hostName),
    ...channels.map((channel) =>
      channel === 'logs' && logFilter !== null
        ? words.filtered(visibleText(logFilter))
        : what.channel[channel],
    ),
    ...(since === 'live' ? [words.live] : since > 0 ? [words.since(formatMoment(since, now))] : []),
    ...(hidesNames ? [words.hidden] : []),
    ...(redact.secrets ? [] : [words.unredacted]),
    ...(redact.emails ? [words.emails] : []),
    ...(redact.addresses ? [words.addresses] : []),
  ];
}

/** "in 2 h 5 min", "when revoked", "ended". */
export function endsText(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return screen.untilRevoked;
  return expiresAt <= now ? screen.over : screen.left(formatDuration((expiresAt - now) / 1000));
}

/** Between two answers of the hub a share may have expired. */
export function stateOf(
  { state, expiresAt }: Pick<Share, 'state' | 'expiresAt'>,
  now: number,
): Share['state'] {
  const isOver = state === 'expired' || state === 'revoked';
  return !isOver && expiresAt !== null && expiresAt <= now ? 'expired' : state;
}

export function lookOf(state: Share['state'], viewers: number): { tone: Tone; shape: Shape } {
  if (state === 'paused') return { tone: 'off', shape: 'bars' };
  if (state !== 'open') return { tone: 'off', shape: 'ring' };
  return viewers > 0 ? { tone: 'ok', shape: 'circle' } : { tone: 'info', shape: 'diamond' };
}
