/** Exporters and remote writes, loaded when there is one: a hub by itself pays nothing for them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { answerJson, type Exchange } from '../http/exchange.ts';
import type { Interop, InteropOptions } from './interop.ts';

const files = ['exporters.json', 'remote-writes.json'];

export class LazyInterop implements AsyncDisposable {
  readonly #options: InteropOptions;
  #opening: Promise<Interop> | null = null;

  constructor(options: InteropOptions) {
    this.#options = options;
  }

  /** Where some were added before, they go on. What stands in the way is reported: the hub serves without them. */
  async resume(): Promise<void> {
    if (!files.some((file) => existsSync(path.join(this.#options.dataDir, file)))) return;
    await this.#open().catch((error: unknown) => this.#options.report(error as Error));
  }

  async list(exchange: Exchange, kind: 'exporters' | 'remoteWrites'): Promise<void> {
    if (this.#opening === null) return answerJson(exchange, { [kind]: [] });
    (await this.#open())[kind].list(exchange);
  }

  async take(
    exchange: Exchange,
    kind: 'exporters' | 'remoteWrites',
    what: 'add' | 'change' | 'remove',
  ): Promise<void> {
    await (await this.#open())[kind][what](exchange);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    await opened?.[Symbol.asyncDispose]();
  }

  /** One at a time; after a failure the next one tries again. */
  #open(): Promise<Interop> {
    this.#opening ??= import('./interop.ts')
      .then(({ Interop }) => new Interop(this.#options))
      .catch((error: unknown) => {
        this.#opening = null;
        throw error;
      });
    return this.#opening;
  }
}
