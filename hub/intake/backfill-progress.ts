/** How much of what an agent's spool kept has come. */
import type { BatchHead } from '../../shared/schema/uplink.ts';

export class BackfillProgress {
  #come = 0;
  #percent: number | null = null;

  /** 0-100; null: nothing is being caught up on. What fits in one batch is over before anybody could see it. */
  get percent(): number | null {
    return this.#percent;
  }

  /** A batch with `count` records was taken. */
  hear({ kind, waiting }: Pick<BatchHead, 'kind' | 'waiting'>, count: number): void {
    if (waiting.records === 0) {
      this.#come = 0;
      this.#percent = null;
    } else if (kind === 'backfill') {
      this.#come += count;
      this.#percent = Math.floor((100 * this.#come) / (this.#come + waiting.records));
    }
  }
}
