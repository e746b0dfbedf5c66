/**
 * When a follower works: wakes that come together are one piece of work, and lines that come singly are read in groups. A file that is
 * written all the time is read by the clock, while its folder's watch rests (`busy-folders.ts`).
 */

/** How the follower came to look: told by a folder watch, or by the clock. */
export type WakeCause = 'written' | 'renamed' | 'poll';

/** By the clock, what is under the path is asked this often. */
const LOOK_EVERY_MS = 100;
/** Nothing was read for so long: watches are to tell again. */
const QUIET_MS = 50;

export interface WakeLoopOptions {
  /** Least time between the end of a piece of work and the next that a watch asks for, in milliseconds. */
  pauseMs: number;
  /** Reads, and with `isLook` asks what is under the path now. Never rejects. */
  follow: (isLook: boolean) => Promise<void>;
  /** The clock's own round. Never rejects. */
  poll: () => Promise<void>;
  /** Epoch milliseconds when something was last read. */
  grewAt: () => number;
}

export class WakeLoop {
  readonly #options: WakeLoopOptions;
  #toldAt = 0;
  /** Wakes by a watch since `takeTold`. */
  #told = 0;
  #endedAt = 0;
  #isLookWanted = false;
  #isReadWanted = false;
  #isPollWanted = false;
  #running: Promise<void> | null = null;
  #pause: NodeJS.Timeout | null = null;
  #isStopped = false;
  /** Called when a file that is read by the clock is quiet. Null: watches tell. */
  #onQuiet: (() => void) | null = null;
  #lookedAt = 0;
  /** Epoch milliseconds since when it runs by the clock. */
  #clockSince = 0;

  constructor(options: WakeLoopOptions) {
    this.#options = options;
  }

  /** Epoch milliseconds when a watch last told of something. */
  get toldAt(): number {
    return this.#toldAt;
  }

  get isByClock(): boolean {
    return this.#onQuiet !== null;
  }

  /** How often a watch told of something since this was last asked. */
  takeTold(): number {
    const told = this.#told;
    this.#told = 0;
    return told;
  }

  /** Works after every pause from now on, told or not, until there is nothing to read any more; then it calls `onQuiet`, once. */
  runByClock(onQuiet: () => void): void {
    this.#onQuiet = onQuiet;
    this.#clockSince = Date.now();
    if (this.#running === null) this.#runLater();
  }

  /** Never rejects. Resolves when what was wanted so far is done. */
  wake(cause: WakeCause, isOpen: boolean): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    if (cause === 'poll') this.#isPollWanted = true;
    else {
      this.#toldAt = Date.now();
      this.#told++;
      this.#isReadWanted = true;
      if (cause === 'renamed' || !isOpen) this.#isLookWanted = true;
    }
    const isSoon = cause === 'written' && Date.now() - this.#endedAt < this.#options.pauseMs;
    if (!isSoon) return this.#run();
    this.#runLater();
    return Promise.resolve();
  }

  /** Does now what it would do after its pause. Never rejects. */
  hurry(): Promise<void> {
    if (this.#pause === null || this.#isStopped) return Promise.resolve();
    clearTimeout(this.#pause);
    this.#pause = null;
    return this.#run();
  }

  /** From within the work: look again when it is done. */
  lookAgain(): void {
    this.#isLookWanted = true;
  }

  /** Resolves once nothing runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
    await this.#running;
  }

  #runLater(): void {
    this.#pause ??= setTimeout(() => {
      this.#pause = null;
      void this.#run();
    }, this.#options.pauseMs);
  }

  #run(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
      this.#endedAt = Date.now();
      if ((this.#isReadWanted || this.isByClock) && !this.#isStopped) this.#runLater();
    });
    return this.#running;
  }

  async #work(): Promise<void> {
    do {
      const isLook = this.#isLookWanted || this.#isPollWanted;
      const isPollOnly = this.#isPollWanted && !this.#isLookWanted && !this.#isReadWanted;
      this.#isLookWanted = this.#isReadWanted = this.#isPollWanted = false;
      if (this.isByClock) await this.#followByClock(isLook);
      else if (isPollOnly) await this.#options.poll();
      else await this.#options.follow(isLook);
    } while (!this.#isStopped && (this.#isLookWanted || this.#isPollWanted));
  }

  async #followByClock(isLookWanted: boolean): Promise<void> {
    const now = Date.now();
    const isLook = isLookWanted || now - this.#lookedAt >= LOOK_EVERY_MS;
    if (isLook) this.#lookedAt = now;
    await this.#options.follow(isLook);
    if (now - Math.max(this.#clockSince, this.#options.grewAt()) <= QUIET_MS) return;
    const onQuiet = this.#onQuiet;
    this.#onQuiet = null;
    onQuiet?.();
  }
}
