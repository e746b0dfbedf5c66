/**
 * When something of one run was observed, by the hub's clock. A run stamps its records with a clock that never jumps (`mono`),
 * and each batch with that clock at sending: the smallest recent difference between arrival and sending is taken for the
 * moment the run began, because a batch can be late but never early (NTP's filter of the least delay, RFC 5905 section 10). A single batch
 * has no other to be compared with: what it came later than the agent's own clock says is taken for its way, up to a limit, until others tell.
 */
import type { HubClock } from './hub-clock.ts';

/** What is remembered of batches: clocks drift, and a way may become longer for good. */
const WINDOW_MS = 5 * 60_000;
/** The window's minimum, by slices of it. */
const SLICE_MS = 30_000;
/** The beginning moves by at most this share of the time that passes, so that times stay evenly spaced. */
const SLEW = 0.02;
/** Both of the agent's clocks against ours by more than this: its machine slept, and `mono` stood still meanwhile. */
const ASLEEP_MS = 2_000;
const ASLEEP_DIFFERENCE_MS = 1_000;
/** The first batch of a run, or after a sleep, may have been on its way for this long: a hub that starts is asked by all its agents at once. */
const LONGEST_WAY_MS = 2_000;
/** Agent's own times are taken over where they differ by less: a network's way is not known better than that. */
const CORRECT_FROM_MS = 250;
/** ... and again once its clock is this near. */
const CORRECT_UNTIL_MS = 100;
/** Sleeps remembered per run. */
const MAX_BEGINNINGS = 8;

export interface Sending {
  sentAt: number;
  sentMono: number;
}

export class RunClock {
  readonly #clock: HubClock;
  /** When `mono` was 0, by the hub's monotonic clock: one per stretch between two sleeps, newest last. */
  #beginnings: number[] = [];
  #slices: { at: number; least: number }[] = [];
  /** When `mono` was 0, by the agent's wall clock. */
  #ownBeginning = 0;
  #heardAt = 0;
  #skewMs: number | null = null;
  #isCorrecting = false;

  constructor(clock: HubClock) {
    this.#clock = clock;
  }

  /** How far the agent's clock is ahead of the hub's; null before the first batch. */
  get skewMs(): number | null {
    return this.#skewMs;
  }

  get isCorrecting(): boolean {
    return this.#isCorrecting;
  }

  /** A batch came. `arrivedAt` by the hub's monotonic clock: one that waited for its turn is heard behind some that came after it. */
  hear({ sentAt, sentMono }: Sending, arrivedAt: number): void {
    const difference = arrivedAt - sentMono;
    const ownBeginning = sentAt - sentMono;
    const newest = this.#beginnings.at(-1);
    if (newest === undefined || this.#slept(difference - newest, ownBeginning - this.#ownBeginning)) {
      const beginning = difference - this.#assumedWay(sentAt, arrivedAt);
      this.#beginnings = [...this.#beginnings, beginning].slice(-MAX_BEGINNINGS);
      this.#slices = [{ at: arrivedAt, least: difference }];
    } else this.#follow(difference, arrivedAt);
    this.#ownBeginning = ownBeginning;
    this.#heardAt = Math.max(this.#heardAt, arrivedAt);
    this.#skewMs = sentAt - this.#clock.wallOf(sentMono + this.#beginnings.at(-1)!);
    const limit = this.#isCorrecting ? CORRECT_UNTIL_MS : CORRECT_FROM_MS;
    this.#isCorrecting = Math.abs(this.#skewMs) >= limit;
  }

  /** Milliseconds since it was observed; null before the first batch. */
  ageOf(mono: number, arrivedAt: number): number | null {
    const newest = this.#beginnings.at(-1);
    return newest === undefined ? null : Math.max(0, arrivedAt - newest - mono);
  }

  /** Epoch milliseconds by the hub's clock, of something the agent dated `wall` as it observed it. */
  observedAt(mono: number, wall: number): number {
    const candidates = this.#beginnings.map((beginning) => this.#clock.wallOf(beginning + mono));
    const dated = wall - (this.#skewMs ?? 0);
    const right = candidates.sort((a, b) => Math.abs(a - dated) - Math.abs(b - dated))[0];
    if (right === undefined) return wall;
    return this.#isCorrecting || Math.abs(right - wall) >= CORRECT_FROM_MS ? Math.round(right) : wall;
  }

  /** The same for a moment that was not the moment of observing: a line's own time, the begin of a state. */
  corrected(wall: number): number {
    return this.#isCorrecting ? Math.round(wall - this.#skewMs!) : wall;
  }

  /** Of a batch that is not to be compared with others: 0 where it came earlier than that, so that the agent's clock is ahead. */
  #assumedWay(sentAt: number, arrivedAt: number): number {
    const late = this.#clock.wallOf(arrivedAt) - sentAt + (this.#skewMs ?? 0);
    return late > 0 && late <= LONGEST_WAY_MS ? late : 0;
  }

  #slept(hubMs: number, ownMs: number): boolean {
    return (
      hubMs > ASLEEP_MS && ownMs > ASLEEP_MS && Math.abs(hubMs - ownMs) < ASLEEP_DIFFERENCE_MS + hubMs / 10
    );
  }

  #follow(difference: number, arrivedAt: number): void {
    const slice = this.#slices.at(-1)!;
    if (arrivedAt - slice.at >= SLICE_MS) this.#slices.push({ at: arrivedAt, least: difference });
    else slice.least = Math.min(slice.least, difference);
    while (arrivedAt - this.#slices[0]!.at > WINDOW_MS + SLICE_MS) this.#slices.shift();
    const least = Math.min(...this.#slices.map((each) => each.least));
    const place = this.#beginnings.length - 1;
    const most = SLEW * Math.max(0, arrivedAt - this.#heardAt);
    const off = least - this.#beginnings[place]!;
    this.#beginnings[place]! += Math.max(-most, Math.min(most, off));
  }
}
