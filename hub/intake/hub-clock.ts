/**
 * The hub's time for what agents send: epoch milliseconds that follow the system's clock without its jumps, because the times
 * of a series must stay evenly spaced. It runs by the monotonic clock, and a difference is made up for slowly.
 */

/** At most this share of the time that passes: a sample's second is then 20 ms longer or shorter. */
const SLEW = 0.02;
/** A clock that is this far off was set, not corrected: it is followed at once. */
const STEP_MS = 30_000;

/** Both in milliseconds: one that may jump, and one that never does. */
export interface ClockPair {
  wall(): number;
  mono(): number;
}

const systemClocks: ClockPair = { wall: () => Date.now(), mono: () => performance.now() };

export class HubClock {
  readonly #clocks: ClockPair;
  #offset: number;
  #lookedAt: number;

  constructor(clocks = systemClocks) {
    this.#clocks = clocks;
    this.#lookedAt = clocks.mono();
    this.#offset = clocks.wall() - this.#lookedAt;
  }

  /** By the monotonic clock. Follows the wall clock by the way. */
  now(): number {
    const mono = this.#clocks.mono();
    const off = this.#clocks.wall() - mono - this.#offset;
    const most = SLEW * (mono - this.#lookedAt);
    this.#offset += Math.abs(off) > STEP_MS ? off : Math.max(-most, Math.min(most, off));
    this.#lookedAt = mono;
    return mono;
  }

  /** Epoch milliseconds of a moment of the monotonic clock. */
  wallOf(mono: number): number {
    return mono + this.#offset;
  }
}
