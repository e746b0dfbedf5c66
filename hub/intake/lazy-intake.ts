/** The intake, loaded when there is something for it: a hub that no agent sends to pays nothing for it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Exchange } from '../http/exchange.ts';
import { ProblemError } from '../http/problem.ts';
import type { HubSettings } from '../hub-options.ts';
import type { IngestEndpoint } from './ingest-endpoint.ts';
import type { IntakeNumbers } from './intake-counts.ts';
import type { AgentState, Intake, IntakeOptions } from './intake.ts';

export interface LazyIntakeOptions
  extends
    Omit<IntakeOptions, 'dir' | 'maxBytes' | 'maxAgeMs'>,
    Pick<HubSettings, 'dataDir' | 'journalBytes' | 'journalMs' | 'maxBatchesPerSecond'> {}

interface Opened {
  intake: Intake;
  endpoint: IngestEndpoint;
}

export class LazyIntake implements AsyncDisposable {
  readonly #options: LazyIntakeOptions;
  readonly #dir: string;
  #opening: Promise<Opened> | null = null;
  #opened: Opened | null = null;

  constructor(options: LazyIntakeOptions) {
    this.#options = options;
    this.#dir = path.join(options.dataDir, 'intake');
  }

  /** Null: no agent has sent anything yet. */
  get numbers(): IntakeNumbers | null {
    return this.#opened?.intake.numbers ?? null;
  }

  stateOf(host: string): AgentState | null {
    return this.#opened?.intake.stateOf(host) ?? null;
  }

  /**
   * Where agents have sent to this hub before: their hosts are known, and their last minutes, once this resolves. A journal that
   * cannot be read is trouble to be told, and no reason not to start: agents keep what they have meanwhile.
   */
  async recall(): Promise<void> {
    if (!existsSync(this.#dir)) return;
    try {
      await this.#open();
    } catch (error) {
      this.#options.report(error as Error);
    }
  }

  /** Answers a batch of this host's agent, or throws a `ProblemError`. */
  async take(exchange: Exchange, host: string): Promise<void> {
    const { endpoint } = this.#opened ?? (await this.#openOrRefuse());
    await endpoint.take(exchange, host);
  }

  /** The host's agent may come no more: its connections end now. */
  end(host: string): void {
    this.#opened?.endpoint.end(host);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await this.#opened?.intake[Symbol.asyncDispose]();
  }

  async #openOrRefuse(): Promise<Opened> {
    try {
      return await this.#open();
    } catch (cause) {
      throw new ProblemError(
        503,
        'intake-unusable',
        `The hub cannot keep anything: ${(cause as Error).message}`,
        {
          remedy:
            'See to the folder "intake" in the hub\'s data folder. The agent keeps what it has until then.',
          isRetryable: true,
          headers: { 'Retry-After': '15' },
          cause,
        },
      );
    }
  }

  /** One at a time; after a failure the next one tries again. */
  #open(): Promise<Opened> {
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #load(): Promise<Opened> {
    const [{ Intake }, { IngestEndpoint }] = await Promise.all([
      import('./intake.ts'),
      import('./ingest-endpoint.ts'),
    ]);
    const { journalBytes: maxBytes, journalMs: maxAgeMs, maxBatchesPerSecond } = this.#options;
    const intake = await Intake.open({ ...this.#options, maxBytes, maxAgeMs, dir: this.#dir });
    return (this.#opened = { intake, endpoint: new IngestEndpoint({ intake, maxBatchesPerSecond }) });
  }
}
