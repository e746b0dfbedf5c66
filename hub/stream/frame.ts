/**
 * A frame: one event of the bus as it goes over the wire, encoded once and shared by every reader.
 * Field and line ends of SSE are CR and LF; JSON escapes both, so nothing in the data can end a field.
 */
import type { Delivery } from '../../shared/event-rules.ts';
import { eventRules } from '../../shared/event-rules.ts';
import type { StreamEvent, StreamEventName } from '../../shared/events.ts';
import { levelRank } from '../../shared/log-level.ts';
import type { Backfill } from '../../shared/schema/stream.ts';
import { channelBit } from './channel-bit.ts';

export interface Frame {
  readonly sequence: number;
  readonly name: StreamEventName;
  /** Null: of no single host. */
  readonly host: string | null;
  /** Where it is about several hosts: a view must hold every one of them. */
  readonly hosts?: readonly string[];
  /** Which channels hold it, as bits of `channelBit`. */
  readonly channels: number;
  /** Of a log line: `levelRank`; of anything else Infinity, so that a level floor lets it pass. */
  readonly level: number;
  /** Epoch milliseconds the event speaks of. */
  readonly time: number;
  /** Of late samples, which are told now: the first and the last moment they speak of. */
  readonly measured?: { readonly from: number; readonly to: number };
  /** Of the event before it with the same name and host; null for the first. Decimating views go by it. */
  readonly previousTime: number | null;
  readonly delivery: Delivery;
  /** The whole SSE block, its empty line included. */
  readonly bytes: Buffer;
  /** True: for the owner alone. */
  readonly isOwners: boolean;
}

/** One SSE block. `name` comes from the table of events and `id` from `formatCursor`: neither needs escaping. */
export function sseBlock(name: StreamEventName, id: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** `previousTime` as in `Frame`. */
export function encodeFrame(
  event: StreamEvent,
  sequence: number,
  cursor: string,
  previousTime: number | null = null,
): Frame {
  const rule = eventRules[event.name];
  const isLog = event.name === 'log';
  return {
    sequence,
    name: event.name,
    host: hostOf(event),
    ...(event.name === 'note' && event.data.hosts !== null && { hosts: event.data.hosts }),
    channels: channelsOf(event),
    level: isLog ? levelRank(event.data.level) : Infinity,
    time: timeOf(event),
    ...(event.name === 'backfill' && measuredIn(event.data)),
    previousTime,
    delivery: rule.delivery,
    isOwners: rule.audience === 'owner',
    bytes: Buffer.from(sseBlock(event.name, cursor, event.data)),
  };
}

export function timeOf({ data }: StreamEvent): number {
  return 'time' in data ? data.time : Date.now();
}

/** `times` ascend. */
function measuredIn({ times }: Backfill): Pick<Frame, 'measured'> {
  const [from, to] = [times[0], times.at(-1)];
  return from === undefined || to === undefined ? {} : { measured: { from, to } };
}

export function hostOf({ name, data }: StreamEvent): string | null {
  if (name === 'host') return data.id;
  return 'host' in data ? data.host : null;
}

/** A `gap` belongs to its own channel besides `state`: readers of a channel learn what is missing in it. */
function channelsOf(event: StreamEvent): number {
  const { channel } = eventRules[event.name];
  const bits = channel === null ? 0 : channelBit(channel);
  return event.name === 'gap' ? bits | channelBit(event.data.channel) : bits;
}
