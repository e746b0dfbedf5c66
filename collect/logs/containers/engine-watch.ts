/** Waits for a container engine's socket, and only then loads what follows containers: most machines have none. */
import { stat } from 'node:fs/promises';
import type { LineEmitter } from '../line-emitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import type { ContainerSource } from './container-source.ts';
import type { KeptContainer } from './kept-container.ts';
import { knownSockets } from './known-sockets.ts';

export interface EngineWatchOptions {
  host: string;
  emitter: LineEmitter;
  /** Null: the first of the known places where there is one. */
  socketPath: string | null;
  /** An engine that is not there is looked for this often. */
  lookMs: number;
  /** Where an earlier start got to; null: this is the first. */
  kept: readonly KeptContainer[] | null;
}

export class EngineWatch implements LogSourceReader {
  readonly #options: EngineWatchOptions;
  #source: ContainerSource | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isDisposed = false;

  constructor(options: EngineWatchOptions) {
    this.#options = options;
  }

  /** Of earlier starts too; null where there is nothing to keep. */
  get positions(): KeptContainer[] | null {
    return this.#source?.positions ?? (this.#options.kept === null ? null : [...this.#options.kept]);
  }

  /** Resolves once an engine has answered, or is not there. */
  async start(emit: Emit): Promise<void> {
    this.#looking = this.#look(emit);
    await this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
    await this.#source?.[Symbol.asyncDispose]();
  }

  async #look(emit: Emit): Promise<void> {
    const { host, emitter, kept, lookMs } = this.#options;
    const socketPath = this.#options.socketPath ?? (await this.#find());
    if (this.#isDisposed) return;
    if (socketPath === null) {
      this.#timer = setTimeout(() => {
        this.#looking = this.#look(emit);
      }, lookMs);
      return;
    }
    const { ContainerSource: Source } = await import('./container-source.ts');
    this.#source = new Source({ host, socketPath, emitter, kept });
    await this.#source.start(emit);
  }

  async #find(): Promise<string | null> {
    for (const candidate of knownSockets(process.getuid?.() ?? null)) {
      const isSocket = await stat(candidate).then(
        (stats) => stats.isSocket(),
        () => false,
      );
      if (isSocket) return candidate;
    }
    return null;
  }
}
