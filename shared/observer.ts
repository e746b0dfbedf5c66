/**
 * The port between measuring a machine and whatever the measurements go to: an agent observes one
 * host and hands over what it sees; a hub in the same process, or an uplink to a remote one, takes it.
 */
import type { Observation } from './events.ts';
import type { Inventory } from './schema/host.ts';

/** Who is being observed. Handed over before the first observation, and again when it changes. */
export interface ObservedHost {
  id: string;
  name: string;
  agentVersion: string;
  intervalMs: number;
  inventory: Inventory;
  /** Epochs of the hubs it was read through; left out: none. See `host` in shared/schema/host.ts. */
  via?: string[];
}

/** Takes observations. Neither call throws or blocks; order is kept. */
export interface ObservationSink {
  describe(host: ObservedHost): void;
  observe(observation: Observation): void;
  /**
   * For observers that can wait, as files do: null where more is welcome, else it resolves when there may be room again. Never rejects.
   * Left out: always.
   */
  room?(): Promise<void> | null;
  /** Left out: this sink keeps no lines. */
  readonly keeping?: LineKeeping;
}

/**
 * A sink that keeps log lines on a disk, for an observer that goes on where it was after a kill: what it hands over again is kept once.
 * A place is opaque, and stands behind all lines that were handed over before it.
 */
export interface LineKeeping {
  /** Resolves with the place of this call when the lines before it are on the disk, or could not be. Never rejects. */
  settle(): Promise<string>;
  /** The observer has kept how far it had read at this place: from now on a next start goes on there, or further. */
  settled(place: string): void;
  /**
   * Lines of this host behind the place are handed over again: they are taken out, unless they are of `once`, a source that does not come
   * again. Before the first line of this start. Never rejects.
   */
  rewind(host: string, place: string, once: string | null): Promise<void>;
}

/** Observes one host from `start` until disposed. */
export interface HostObserver extends AsyncDisposable {
  /** Resolves once the host is described and the first real sample was handed over. */
  start(sink: ObservationSink): Promise<void>;
}
