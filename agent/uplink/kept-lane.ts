/** Hands over what the spool kept, oldest first, batch after batch, beside the live ones. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Spool } from '../spool/spool.ts';
import type { BatchReturns } from './batch-returns.ts';
import type { BatchSender } from './batch-sender.ts';
import { TryAgain } from './try-again.ts';

export interface KeptLaneOptions {
  spool: Spool;
  sender: BatchSender;
  returns: BatchReturns;
  random: () => number;
}

/** Between two batches: the machine has other work. */
const REST_MS = 50;

export class KeptLane {
  readonly #options: KeptLaneOptions;
  /** Its own: a hub that has no time for what was kept may well take live batches. */
  readonly #retry: TryAgain;
  #underWay: Promise<void> | null = null;
  #isStopping = false;

  constructor(options: KeptLaneOptions) {
    this.#options = options;
    this.#retry = new TryAgain(options.random);
  }

  /** Does nothing while it runs, or has to wait: it is called again after the next live batch. */
  goOn(): void {
    if (this.#underWay !== null || this.#retry.waitMs > 0) return;
    this.#isStopping = false;
    this.#underWay = this.#run().finally(() => (this.#underWay = null));
  }

  /** Resolves when the batch under way has ended; `goOn` starts it again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#underWay;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping && this.#retry.waitMs === 0 && (await this.#sendOne())) await pause(REST_MS);
  }

  /** False: there is nothing more. */
  async #sendOne(): Promise<boolean> {
    const { spool, sender, returns } = this.#options;
    const batch = await spool.takeKept(returns.limits);
    if (batch === null) return false;
    try {
      const answer = await sender.send({
        kind: 'backfill',
        lines: batch.lines,
        waiting: spool.waiting(batch),
      });
      returns.taken(batch, answer);
      this.#retry.succeeded();
    } catch (error) {
      // The live lane has the same way, and tells what is wrong with it.
      const trouble = returns.notTaken(batch, error);
      if (trouble !== null) this.#retry.failed(trouble);
    }
    return true;
  }
}
