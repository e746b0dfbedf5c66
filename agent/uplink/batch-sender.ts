/** Sends batches of one run, and reads what the hub says of them. */
import { BatchDictionary, type NamedDictionary } from '../../link/batches/batch-dictionary.ts';
import { paths } from '../../shared/protocol.ts';
import {
  batchAnswer,
  UPLINK_PROTOCOL,
  uplinkProblems,
  type BatchAnswer,
  type BatchHead,
} from '../../shared/schema/uplink.ts';
import { encodeBatch } from './encode-batch.ts';
import type { HubConnection } from './hub-connection.ts';
import { readAnswer } from './read-answer.ts';
import { UplinkError } from './uplink-error.ts';

export interface BatchSenderOptions {
  connection: HubConnection;
  url: URL;
  token: string;
  run: string;
  agentVersion: string;
  /** Milliseconds since the run began, by a clock that never jumps. */
  mono: () => number;
}

export interface OutgoingBatch {
  kind: BatchHead['kind'];
  lines: readonly Buffer[];
  waiting: BatchHead['waiting'];
  leaving?: NonNullable<BatchHead['leaving']>;
  timeoutMs?: number;
}

/** A hub that never holds the dictionary it is told of is not asked to for ever. */
const MAX_MISSES = 3;

export class BatchSender {
  readonly #options: BatchSenderOptions;
  readonly #dictionary = new BatchDictionary();
  #misses = 0;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
  }

  /** One live batch at a time. Throws a `WatchlineError`: the batch was not taken, or nobody knows. */
  async send(batch: OutgoingBatch): Promise<BatchAnswer> {
    if (batch.kind === 'backfill') return await this.#post(batch, null);
    const dictionary = this.#misses < MAX_MISSES ? this.#dictionary.current : null;
    try {
      const answer = await this.#post(batch, dictionary);
      this.#dictionary.learn(batch.lines, dictionary === null);
      return answer;
    } catch (error) {
      // Whether the hub has learned from it is not known.
      this.#dictionary.forget();
      if (dictionary === null || !isDictionaryMissing(error)) throw error;
      this.#misses++;
      return await this.send(batch);
    }
  }

  async #post(batch: OutgoingBatch, dictionary: NamedDictionary | null): Promise<BatchAnswer> {
    const { connection, url, token, run, agentVersion, mono } = this.#options;
    const { kind, waiting, leaving, timeoutMs } = batch;
    const head: BatchHead = {
      protocol: UPLINK_PROTOCOL,
      agentVersion,
      run,
      sentAt: Date.now(),
      sentMono: mono(),
      kind,
      waiting,
      ...(leaving !== undefined && { leaving }),
    };
    const { headers, body } = encodeBatch(head, batch.lines, dictionary);
    const answer = await connection.post({
      path: paths.ingest,
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    return readAnswer(answer, batchAnswer, url);
  }
}

/** `bad-body`: of a hub that knows of no dictionaries. */
function isDictionaryMissing(error: unknown): boolean {
  return error instanceof UplinkError && [uplinkProblems.unknownDictionary, 'bad-body'].includes(error.code);
}
