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
}

/** Observes one host from `start` until disposed. */
export interface HostObserver extends AsyncDisposable {
  /** Resolves once the host is described and the first real sample was handed over. */
  start(sink: ObservationSink): Promise<void>;
}
