/**
 * What viewers of a share may see: its scope as a `Sight`. Everything a share leaves out or changes is decided here, but for what is too
 * old, which `shownEvent` leaves out of every sight.
 */
import type { StreamEvent } from '../../shared/events.ts';
import { linePredicate, type LinePredicate } from '../../shared/filter/evaluate.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { eventRedactor } from '../../shared/redaction/redact-event.ts';
import { textRedactor, type TextRedactor } from '../../shared/redaction/redact-text.ts';
import type { Channel } from '../../shared/event-rules.ts';
import { bitsOf, type Sight } from '../access/sight.ts';
import { channelBit } from '../stream/channel-bit.ts';
import type { HostVeil } from './host-veil.ts';
import type { KeptShare } from '../../shared/schema/kept-shares.ts';
import { veiledEvent } from './veiled-event.ts';

export interface ShareSightParts {
  share: KeptShare;
  /** Another one wherever it shows something else than before. */
  version: number;
  /** Ids of its hosts; null: all. */
  hosts: ReadonlySet<string> | null;
  /** Null: names are shown. */
  veil: HostVeil | null;
  /** The name of a host, which a log filter may speak of. */
  nameOf: (host: string) => string | undefined;
  /** See `Sight`. */
  recipe: Sight['recipe'];
}

/** What becomes of an event; null: it is not shown. */
type Step = (event: StreamEvent) => StreamEvent | null;

/** Throws a `FilterSyntaxError` where the share's log filter is none. */
export function shareSight({ share, version, hosts, veil, nameOf, recipe }: ShareSightParts): Sight {
  const { scope } = share;
  const shown: Channel[] = [...scope.channels, 'state'];
  const redact = { ...scope.redact, addresses: scope.redact.addresses || veil !== null };
  const patterns = textRedactor(redact);
  const clean: TextRedactor = veil === null ? patterns : (text) => veil.text(patterns(text));
  const redacted = eventRedactor(clean, redact.secrets);
  const steps: Step[] = [withinChannels(bitsOf(shown)), onlyOwnPresence(share.id)];
  if (scope.logFilter !== null) steps.push(matching(scope.logFilter, nameOf));
  const changesTexts = redact.secrets || redact.emails || redact.addresses;
  if (changesTexts) steps.push((event) => redacted(event));
  if (redact.addresses) steps.push(withoutAddresses);
  if (veil !== null) steps.push((event) => veiledEvent(event, veil, clean));
  return {
    key: `share ${share.id} ${version}`,
    extent: 'part',
    channelBits: bitsOf(shown),
    hosts: hosts && Array.from(hosts, (id) => veil?.shownId(id) ?? id),
    holdsHost: (id) => hosts === null || hosts.has(id),
    hostKnownAs: (shownId) => {
      const id = veil === null ? shownId : veil.idOf(shownId);
      return id === null || (hosts !== null && !hosts.has(id)) ? null : id;
    },
    since: scope.since,
    endsAt: share.expiresAt,
    show: (event) => {
      let current: StreamEvent | null = event;
      for (const step of steps) {
        current = step(current);
        if (current === null) return null;
      }
      return current;
    },
    recipe,
  };
}

/** `state` tells of other channels too: where lines come from, what was measured, and what is missing where. */
function withinChannels(bits: number): Step {
  const holds = (channel: Channel) => (bits & channelBit(channel)) !== 0;
  return (event) => {
    if (event.name === 'source') return holds('logs') ? event : null;
    if (event.name === 'note' && event.data.channel !== undefined)
      return holds(event.data.channel) ? event : null;
    if (event.name === 'alert' && event.data.measure !== 'offline') return holds('metrics') ? event : null;
    if (event.name === 'gap') return holds(event.data.channel) ? event : null;
    return event.name === 'audit' ? null : event;
  };
}

/** How many watch, and of this share alone; who they are is the owner's to know. */
function onlyOwnPresence(share: string): Step {
  return (event) => {
    if (event.name !== 'presence') return event;
    return event.data.share === share ? { name: 'presence', data: { ...event.data, viewers: null } } : null;
  };
}

/** By the line as it is read: what is redacted can be filtered by. What the hub made of lines is not told of some of them. */
function matching(filter: string, nameOf: (host: string) => string | undefined): Step {
  const passes: LinePredicate = linePredicate(parseFilter(filter), { hostName: nameOf });
  return (event) => {
    if (event.name === 'note') return event.data.channel === 'logs' ? null : event;
    return event.name !== 'log' || passes(event.data) ? event : null;
  };
}

function withoutAddresses(event: StreamEvent): StreamEvent {
  if (event.name !== 'host') return event;
  const { inventory } = event.data;
  const interfaces = inventory.interfaces.map((each) => ({ ...each, addresses: [], mac: null }));
  return { name: 'host', data: { ...event.data, inventory: { ...inventory, interfaces } } };
}
