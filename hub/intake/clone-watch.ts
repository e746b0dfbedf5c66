/**
 * Tells a restart from a clone. A new run takes the place of the one before; when the one before speaks again, and not just with
 * what was on its way, two agents are running with one token, and the newcomer is refused.
 */

/** What the run before had on its way when it ended arrives within this time. */
const ON_ITS_WAY_MS = 2_000;
/** Batches after that which prove that it still runs. */
const PROOF_BATCHES = 2;
/** A run that has been silent for this long has ended: who was refused for it may speak. */
const ENDED_AFTER_MS = 60_000;
/** A clone that has not asked for this long is no trouble any more. */
const TROUBLE_MS = 3_600_000;

export class CloneWatch {
  #current: { run: string; since: number; heardAt: number } | null = null;
  /** The run that the current one took the place of, and how often it has spoken since. */
  #before: { run: string; spoken: number } | null = null;
  #refused: { run: string; at: number } | null = null;

  /** True: this run may go on. `now` is of a monotonic clock, in milliseconds. */
  hear(run: string, now: number): boolean {
    const current = this.#current;
    if (current === null || current.run === run) {
      this.#current = { run, since: current?.since ?? now, heardAt: now };
      return true;
    }
    if (this.#refused?.run === run && now - current.heardAt < ENDED_AFTER_MS) {
      this.#refused.at = now;
      return false;
    }
    if (this.#before?.run === run) return this.#hearBefore(this.#before, current, now);
    this.#before = { run: current.run, spoken: 0 };
    this.#current = { run, since: now, heardAt: now };
    if (this.#refused?.run === run) this.#refused = null;
    return true;
  }

  /** Whether a second agent with this token has been refused of late. */
  isCloned(now: number): boolean {
    return this.#refused !== null && now - this.#refused.at < TROUBLE_MS;
  }

  #hearBefore(before: { run: string; spoken: number }, current: { run: string; since: number }, now: number) {
    if (now - current.since < ON_ITS_WAY_MS) return true;
    before.spoken++;
    if (before.spoken < PROOF_BATCHES) return true;
    this.#refused = { run: current.run, at: now };
    this.#current = { run: before.run, since: now, heardAt: now };
    this.#before = null;
    return true;
  }
}
