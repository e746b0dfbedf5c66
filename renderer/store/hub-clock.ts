/**
 * The hub's time of day, told by this page's monotonic clock: charts and ages follow the hub, whatever
 * this machine's own clock says.
 */

export interface HubClock {
  /** Epoch milliseconds of the hub. Before the first correction: of this machine. */
  now(): number;
  /** The hub named its time just now. `isFresh` at the start of a stream: forget earlier corrections. */
  correct(serverTime: number, isFresh?: boolean): void;
}

export interface HubClockOptions {
  /** Milliseconds since any fixed instant. Default `performance.now`. */
  monotonicNow?: () => number;
  /** Epoch milliseconds. Default `Date.now`. */
  wallNow?: () => number;
}

/** Corrections remembered: one minute of heartbeats. */
const remembered = 4;

export function createHubClock(options: HubClockOptions = {}): HubClock {
  const monotonicNow = options.monotonicNow ?? (() => performance.now());
  const wallNow = options.wallNow ?? (() => Date.now());
  let offsets: number[] = [];
  let offset = wallNow() - monotonicNow();

  return {
    now: () => Math.round(monotonicNow() + offset),
    correct(serverTime, isFresh = false) {
      if (isFresh) offsets = [];
      offsets.push(serverTime - monotonicNow());
      if (offsets.length > remembered) offsets.shift();
      // A message is only ever late, never early: the largest offset is the one least delayed.
      offset = Math.max(...offsets);
    },
  };
}
