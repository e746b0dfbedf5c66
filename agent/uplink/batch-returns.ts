/** What becomes of a batch once it was answered, or was not: acknowledged, kept, or sent again in smaller pieces. */
import { WatchlineError } from '../../shared/errors.ts';
import { MAX_BATCH_RECORDS, type BatchAnswer } from '../../shared/schema/uplink.ts';
import type { Spool, SpoolBatch, SpoolLimits } from '../spool/spool.ts';
import { TOO_LARGE } from './read-answer.ts';
import type { UplinkNews } from './uplink-news.ts';

/** Small enough that a live batch beside it does not wait, and that any proxy lets it pass. */
const MOST: SpoolLimits = { records: MAX_BATCH_RECORDS / 2, bytes: 256 * 1024 };
/** Added after each batch that was taken, until it is the most again. */
const GROWTH: SpoolLimits = { records: 50, bytes: 4 * 1024 };
/** A record that is too large for any batch is told like one that the hub refused. */
const TOO_LARGE_ALONE = 'The record is too large for the hub, or for a proxy before it.';

export class BatchReturns {
  readonly #spool: Spool;
  readonly #report: (news: UplinkNews) => void;
  /** Codes of refusals that were told. */
  readonly #told = new Set<string>();
  #limits = MOST;

  constructor(spool: Spool, report: (news: UplinkNews) => void) {
    this.#spool = spool;
    this.#report = report;
  }

  /** Of the next batch. */
  get limits(): SpoolLimits {
    return this.#limits;
  }

  taken(batch: SpoolBatch | null, answer: BatchAnswer): void {
    if (batch !== null) this.#spool.acknowledge(batch);
    this.#limits = {
      records: Math.min(MOST.records, this.#limits.records + GROWTH.records),
      bytes: Math.min(MOST.bytes, this.#limits.bytes + GROWTH.bytes),
    };
    for (const refusal of answer.refused) this.#tellOnce(refusal);
  }

  /** The trouble that keeps the next one from being sent; null: there is none, it was only too large. */
  notTaken(batch: SpoolBatch | null, error: unknown): WatchlineError | null {
    const isTooLarge = error instanceof WatchlineError && error.code === TOO_LARGE;
    if (batch !== null && isTooLarge && batch.lines.length === 1) this.#giveUp(batch);
    else if (batch !== null) this.#spool.giveBack(batch);
    if (!(error instanceof WatchlineError)) throw error;
    if (!isTooLarge || batch === null) return error;
    this.#limits = {
      records: Math.max(1, Math.floor(batch.lines.length / 2)),
      bytes: Math.max(1, Math.floor(batch.bytes / 2)),
    };
    return null;
  }

  #giveUp(batch: SpoolBatch): void {
    const { run = '', seq = 0 } = JSON.parse(batch.lines[0]!.toString('utf8')) as {
      run?: string;
      seq?: number;
    };
    this.#spool.acknowledge(batch);
    this.#tellOnce({ run, seq, code: TOO_LARGE, message: TOO_LARGE_ALONE });
  }

  #tellOnce(refusal: BatchAnswer['refused'][number]): void {
    if (this.#told.has(refusal.code)) return;
    this.#told.add(refusal.code);
    this.#report({ kind: 'refused', refusal });
  }
}
