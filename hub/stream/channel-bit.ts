/** Channels as bits: which of them hold an event is one number, and so is which a view holds. */
import { channels, type Channel } from '../../shared/event-rules.ts';

export function channelBit(channel: Channel): number {
  return 1 << channels.indexOf(channel);
}
