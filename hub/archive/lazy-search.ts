/** Searching the archive, loaded with the first search: a hub that nobody searches pays nothing for it. */
import type { Ender, EndReason } from '../access/endings.ts';
import type { Exchange } from '../http/exchange.ts';
import type { SearchEndpoint, SearchEndpointParts } from './search/search-endpoint.ts';

export class LazySearch implements Ender {
  readonly #parts: SearchEndpointParts;
  #endpoint: SearchEndpoint | null = null;

  constructor(parts: SearchEndpointParts) {
    this.#parts = parts;
  }

  async search(exchange: Exchange): Promise<void> {
    await (await this.#open()).search(exchange);
  }

  async context(exchange: Exchange): Promise<void> {
    await (await this.#open()).context(exchange);
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    this.#endpoint?.endWhere(fits, reason);
  }

  async #open(): Promise<SearchEndpoint> {
    const { SearchEndpoint } = await import('./search/search-endpoint.ts');
    return (this.#endpoint ??= new SearchEndpoint(this.#parts));
  }
}
