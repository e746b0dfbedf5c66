/** The stream's own numbers, counted where they happen and shown in `/metrics`. */
import type { StreamEventName } from '../../shared/events.ts';
import type { Encoding } from './compression/codec.ts';

/** Why a stream ended by the hub's doing. */
export type CutReason = 'overflow' | 'stalled' | 'half-open' | 'rotate' | 'shutdown' | 'revoked' | 'expired';

export class StreamCounts {
  opened = 0;
  refused = 0;
  resumed = 0;
  resets = 0;
  bytesOut = 0;
  writes = 0;
  conflated = 0;
  counted = 0;
  gaps = 0;
  /** Blocks compressed once for all readers of a view: before, after, and the time it took. */
  readonly compressed: Record<Encoding, { bytesIn: number; bytesOut: number; ms: number }> = {
    gzip: { bytesIn: 0, bytesOut: 0, ms: 0 },
    zstd: { bytesIn: 0, bytesOut: 0, ms: 0 },
  };
  /** Long-polling requests that wait for events at this moment. */
  openPolls = 0;
  readonly cuts: Record<CutReason, number> = {
    overflow: 0,
    stalled: 0,
    'half-open': 0,
    rotate: 0,
    shutdown: 0,
    revoked: 0,
    expired: 0,
  };
  /** Events handed to readers, by name. */
  readonly sent = new Map<StreamEventName, number>();

  addSent(name: StreamEventName, count = 1): void {
    this.sent.set(name, (this.sent.get(name) ?? 0) + count);
  }
}
