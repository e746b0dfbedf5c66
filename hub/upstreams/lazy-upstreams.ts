/** The upstreams, loaded when there is one: a hub that reads no other pays nothing for it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Audit } from '../audit/audit.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import type { UpstreamEndpoint } from './upstream-endpoint.ts';
import type { Upstreams, UpstreamsOptions } from './upstreams.ts';

export interface LazyUpstreamsOptions extends UpstreamsOptions {
  audit: Audit;
}

interface Opened {
  upstreams: Upstreams;
  endpoint: UpstreamEndpoint;
}

export class LazyUpstreams implements AsyncDisposable {
  readonly #options: LazyUpstreamsOptions;
  #opening: Promise<Opened> | null = null;

  constructor(options: LazyUpstreamsOptions) {
    this.#options = options;
  }

  /** Where others were added before, reading goes on. What stands in the way is reported: the hub serves without them. */
  async resume(): Promise<void> {
    if (!existsSync(path.join(this.#options.dataDir, 'upstreams.json'))) return;
    await this.#open().catch((error: unknown) => this.#options.report(error as Error));
  }

  async list(exchange: Exchange): Promise<void> {
    if (this.#opening === null) return answerJson(exchange, { upstreams: [] });
    (await this.#open()).endpoint.list(exchange);
  }

  async take(exchange: Exchange, what: 'probe' | 'add' | 'change' | 'remove'): Promise<void> {
    await (await this.#open()).endpoint[what](exchange);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    await opened?.upstreams[Symbol.asyncDispose]();
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
    const [{ Upstreams }, { UpstreamEndpoint }] = await Promise.all([
      import('./upstreams.ts'),
      import('./upstream-endpoint.ts'),
    ]);
    const upstreams = new Upstreams(this.#options);
    return { upstreams, endpoint: new UpstreamEndpoint(upstreams, this.#options.audit) };
  }
}
