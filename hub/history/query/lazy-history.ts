/** Answers from the history, loaded with the first question: a hub that nobody asks pays nothing for them. */
import type { Ender, EndReason } from '../../access/endings.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { HistoryEndpoint, HistoryEndpointParts } from './history-endpoint.ts';

export interface LazyHistoryParts extends HistoryEndpointParts {
  /** Called when a question is to come. */
  onExpected: () => void;
}

export class LazyHistory implements Ender {
  readonly #parts: LazyHistoryParts;
  #endpoint: HistoryEndpoint | null = null;

  constructor(parts: LazyHistoryParts) {
    this.#parts = parts;
  }

  /** A question will come soon: what takes longer than most answers is done before. */
  expect(): void {
    this.#parts.onExpected();
    void this.#load();
  }

  async answer(exchange: Exchange, what: 'series' | 'processes' | 'changes'): Promise<void> {
    const endpoint = await this.#load();
    await endpoint[what](exchange);
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    this.#endpoint?.endWhere(fits, reason);
  }

  async #load(): Promise<HistoryEndpoint> {
    const { HistoryEndpoint } = await import('./history-endpoint.ts');
    return (this.#endpoint ??= new HistoryEndpoint(this.#parts));
  }
}
