/** What a reader gets before it is live: the exact replay after its cursor, or a snapshot. Streams and polls begin the same. */
import { parseCursor } from '../../shared/cursor.ts';
import type { StreamEvent } from '../../shared/events.ts';
import { DEFAULT_INTERVAL_MS, PROTOCOL_VERSION } from '../../shared/protocol.ts';
import type { Hello, Reset } from '../../shared/schema/stream.ts';
import type { Reader } from '../access/caller.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import { LIVE_REACH_MS } from '../access/sight.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { HubSettings } from '../hub-options.ts';
import type { Notes } from '../notes/notes.ts';
import type { EventBus } from './event-bus.ts';
import { sseBlock, type Frame } from './frame.ts';
import type { ShownFrames } from './shown-frames.ts';
import { encodeSnapshot } from './snapshot.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { StreamQuery, View } from './view.ts';

/** Snapshots kept for readers that come at the same moment. */
const MAX_SHARED_SNAPSHOTS = 16;
/** Sights remembered; one more pushes the oldest out, whose readers then begin anew. */
const MAX_SIGHTS = 1024;

export interface StreamOpeningOptions {
  bus: EventBus;
  registry: HostRegistry;
  notes: Notes;
  /** What stands besides hosts and notes: see `Present`. */
  standing: () => readonly StreamEvent[];
  counts: StreamCounts;
  shown: ShownFrames;
  shownEvents: ShownEvents;
  settings: HubSettings;
}

/** Where a reader goes on: after its cursor, or anew. */
export type Start = { missed: Frame[]; cursor: string } | { reset: Reset['reason'] | null };

export class StreamOpening {
  readonly #options: StreamOpeningOptions;
  /** Encoded at `#snapshotsAt` of the sequence, by view and recent seconds. */
  readonly #snapshots = new Map<string, Buffer[]>();
  #snapshotsAt = -1;
  /** Where the sequence was when a reader came with a sight for the first time, by its key. */
  readonly #sights = new Map<string, number>();

  constructor(options: StreamOpeningOptions) {
    this.#options = options;
  }

  /** What follows a cursor in the view, or why that cannot be told. */
  startOf(lastEventId: string | null, view: View): Start {
    const { bus, shown } = this.#options;
    const sightSince = this.#sightSince(view);
    if (lastEventId === null || lastEventId === '') return { reset: null };
    const cursor = parseCursor(lastEventId);
    if (!cursor) return { reset: 'malformed' };
    if (cursor.epoch !== bus.epoch) return { reset: 'epoch' };
    if (cursor.partial) return { reset: 'partial' };
    if (cursor.sequence > bus.sequence) return { reset: 'future' };
    const missed = bus.replay.after(cursor.sequence, bus.sequence);
    if (!missed) return { reset: 'evicted' };
    // It was given to a reader who saw something else: what has come into sight since, and left it, a replay cannot tell.
    if (cursor.sequence < sightSince) return { reset: 'sight' };
    if (view.sight.since === 'live' && isBefore(Date.now() - LIVE_REACH_MS, missed))
      return { reset: 'evicted' };
    return { missed: missed.flatMap((frame) => shown.of(frame, view) ?? []), cursor: lastEventId };
  }

  /** 0: from the beginning. */
  #sightSince({ sight }: View): number {
    if (sight.key === '') return 0;
    const known = this.#sights.get(sight.key);
    if (known !== undefined) return known;
    if (this.#sights.size >= MAX_SIGHTS) this.#sights.delete(this.#sights.keys().next().value!);
    this.#sights.set(sight.key, this.#options.bus.sequence);
    return this.#options.bus.sequence;
  }

  /** Where a reader that comes back missed something: all of it, between `hello` and `ready`. */
  replay(missed: Frame[], cursor: string, view: View, caller: Reader): Buffer[] {
    const { bus, counts } = this.#options;
    counts.resumed++;
    const ready = { cursor: bus.cursor(), replayed: missed.length };
    return [
      this.#own('hello', cursor, this.#hello(view, caller, true)),
      ...missed.map((frame) => frame.bytes),
      this.#own('ready', bus.cursor(), ready),
    ];
  }

  /** The snapshot, and before it why the cursor a reader gave was of no use. */
  anew(reason: Reset['reason'] | null, { view, recentSeconds }: StreamQuery, caller: Reader): Buffer[] {
    const { bus, counts } = this.#options;
    const partial = bus.cursor(true);
    const parts = [this.#own('hello', partial, this.#hello(view, caller, false))];
    if (reason !== null) {
      counts.resets++;
      parts.push(this.#own('reset', partial, { reason }));
    }
    parts.push(...this.#snapshot(view, recentSeconds));
    parts.push(this.#own('ready', bus.cursor(), { cursor: bus.cursor(), replayed: 0 }));
    return parts;
  }

  /** Readers that come at the same place of the sequence, as after a restart, share one encoding per view. */
  #snapshot(view: View, recentSeconds: number): Buffer[] {
    const { bus, registry, notes, standing, shownEvents } = this.#options;
    if (this.#snapshotsAt !== bus.sequence) this.#snapshots.clear();
    this.#snapshotsAt = bus.sequence;
    const key = `${view.key}|${recentSeconds}`;
    let parts = this.#snapshots.get(key);
    if (!parts) {
      parts = encodeSnapshot(
        { records: registry.records, notes: notes.all, standing: standing(), shown: shownEvents },
        view,
        recentSeconds,
        bus.cursor(true),
      );
      if (this.#snapshots.size < MAX_SHARED_SNAPSHOTS) this.#snapshots.set(key, parts);
    }
    return parts;
  }

  #own(name: 'hello' | 'reset' | 'ready', cursor: string, data: unknown): Buffer {
    this.#options.counts.addSent(name);
    return Buffer.from(sseBlock(name, cursor, data));
  }

  #hello(view: View, caller: Reader, resumed: boolean): Hello {
    const { bus, settings } = this.#options;
    return {
      protocol: PROTOCOL_VERSION,
      hubVersion: settings.version,
      epoch: bus.epoch,
      serverTime: Date.now(),
      intervalMs: Math.max(DEFAULT_INTERVAL_MS, view.intervalMs),
      heartbeatMs: settings.heartbeatMs,
      role: caller.role,
      share: caller.role === 'viewer' ? caller.told : null,
      channels: [...view.channels],
      hosts: view.toldHosts && [...view.toldHosts],
      resumed,
    };
  }
}

/** Whether the oldest of the frames speaks of an earlier time. */
function isBefore(time: number, [oldest]: readonly Frame[]): boolean {
  return oldest !== undefined && oldest.time < time;
}
