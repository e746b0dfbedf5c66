/** When a follower works: wakes that come together are one piece of work, and lines that come singly are read in groups. */

/** How the follower came to look: told by a folder watch, or by the clock. */
export type WakeCause = 'written' | 'renamed' | 'poll';

export interface WakeLoopOptions {
  /** Least time between the end of a piece of work and the next that a watch asks for, in milliseconds. */
  pauseMs: number;
  /** What a watch told of: reads, and with `isLook` asks what is under the path now. Never rejects. */
  follow: (isLook: boolean) => Promise<void>;
  /** The clock's own round. Never rejects. */
  poll: () => Promise<void>;
}

export class WakeLoop {
  readonly #options: WakeLoopOptions;
  #toldAt = 0;
  #endedAt = 0;
  #isLookWanted = false;
  #isReadWanted = false;
  #isPollWanted = false;
  #running: Promise<void> | null = null;
  #pause: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: WakeLoopOptions) {
    this.#options = options;
  }

  /** Epoch milliseconds when a watch last told of something. */
  get toldAt(): number {
    return this.#toldAt;
  }

  /** Never rejects. Resolves when what was wanted so far is done. */
  wake(cause: WakeCause, isOpen: boolean): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    if (cause === 'poll') this.#isPollWanted = true;
    else {
      this.#toldAt = Date.now();
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
      if (this.#isReadWanted && !this.#isStopped) this.#runLater();
    });
    return this.#running;
  }

  async #work(): Promise<void> {
    do {
      const isLook = this.#isLookWanted || this.#isPollWanted;
      const isPollOnly = !this.#isLookWanted && !this.#isReadWanted;
      this.#isLookWanted = this.#isReadWanted = this.#isPollWanted = false;
      if (isPollOnly) await this.#options.poll();
      else await this.#options.follow(isLook);
    } while (!this.#isStopped && (this.#isLookWanted || this.#isPollWanted));
  }
}
