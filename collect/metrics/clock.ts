/** The three clocks of a machine, as a port: tests of suspends and of time steps bring their own. */
import { uptime } from 'node:os';

export interface Clock {
  /** Epoch milliseconds; steps when somebody or NTP sets it. */
  wallMs(): number;
  /** Milliseconds from some start, never stepped: what rates are divided by. */
  monotonicMs(): number;
  /** Milliseconds since the machine booted, time asleep included. */
  uptimeMs(): number;
  /** Whether `monotonicMs` stands still while the machine sleeps; where it does not, only a late tick tells. */
  readonly monotonicStopsAsleep: boolean;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1000,
  // CLOCK_MONOTONIC stops on Linux (clock_gettime(2)); on Windows the performance counter goes on.
  monotonicStopsAsleep: process.platform === 'linux',
};
