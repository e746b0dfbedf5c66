/** `POST /api/v1/ingest`: an agent hands over a batch, and is told what became of it. */
import { BatchDictionary } from '../../link/batches/batch-dictionary.ts';
import { uplinkProblems } from '../../shared/schema/uplink.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { ProblemError } from '../http/problem.ts';
import { AgentConnections } from './agent-connections.ts';
import { openBatch, type Batch } from './batch.ts';
import { namesDictionary, readBatchBody } from './batch-body.ts';
import { BatchLimiter } from './batch-limiter.ts';
import type { Intake } from './intake.ts';
import { LateTurns } from './late-turns.ts';

export interface IngestEndpointOptions {
  intake: Intake;
  /** Batches one agent may send in a second. */
  maxBatchesPerSecond: number;
}

export class IngestEndpoint {
  readonly #intake: Intake;
  readonly #limiter: BatchLimiter;
  readonly #late = new LateTurns();
  readonly #connections = new AgentConnections();
  readonly #dictionaries = new Map<string, BatchDictionary>();

  constructor({ intake, maxBatchesPerSecond }: IngestEndpointOptions) {
    this.#intake = intake;
    this.#limiter = new BatchLimiter(maxBatchesPerSecond);
  }

  /** `host`: whose token the request carries. Answers, or throws a `ProblemError`. */
  async take(exchange: Exchange, host: string): Promise<void> {
    const at = performance.now();
    this.#connections.note(host, exchange.request);
    try {
      this.#limiter.count(host, at);
      const dictionary = this.#dictionaryOf(host);
      const batch = openBatch(await readBatchBody(exchange.request, () => dictionary.current));
      const answer = await this.#takeBatch(exchange, host, batch, at);
      if (batch.head.kind === 'live') dictionary.learn(batch.lines, !namesDictionary(exchange.request));
      answerJson(exchange, answer);
    } catch (error) {
      this.#hear(host, error);
      throw error;
    }
  }

  /** The host's agent may come no more: what is open of it ends now. */
  end(host: string): void {
    this.#connections.end(host);
    this.#limiter.forget(host);
    this.#dictionaries.delete(host);
    this.#intake.forget(host);
  }

  async #takeBatch({ address }: Exchange, host: string, batch: Batch, at: number) {
    if (batch.head.kind === 'live') return this.#intake.take(host, batch, { address, at, turn: null });
    this.#late.refuseWhenFull();
    using turn = await this.#late.take();
    return await this.#intake.take(host, batch, { address, at, turn });
  }

  #dictionaryOf(host: string): BatchDictionary {
    const dictionary = this.#dictionaries.get(host) ?? new BatchDictionary();
    this.#dictionaries.set(host, dictionary);
    return dictionary;
  }

  #hear(host: string, error: unknown): void {
    if (!(error instanceof ProblemError)) return;
    if (error.code === uplinkProblems.incompatible) this.#intake.holdIncompatible(host, error.message);
    if (error.status === 429 || error.status === 503) this.#intake.counts.sentBack++;
  }
}
