/** Answers from the history, loaded with the first question: a hub that nobody asks pays nothing for them. */
import type { Ender, EndReason } from '../../access/endings.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { HistoryEndpoint, HistoryEndpointParts } from './history-endpoint.ts';

export class LazyHistory implements Ender {
  readonly #parts: HistoryEndpointParts;
  #endpoint: HistoryEndpoint | null = null;

  constructor(parts: HistoryEndpointParts) {
    this.#parts = parts;
  }

  async answer(exchange: Exchange, what: 'series' | 'processes' | 'changes'): Promise<void> {
    const { HistoryEndpoint } = await import('./history-endpoint.ts');
    this.#endpoint ??= new HistoryEndpoint(this.#parts);
    await this.#endpoint[what](exchange);
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    this.#endpoint?.endWhere(fits, reason);
  }
}
