/** An endpoint that is loaded with the first request for it: a hub that nobody asks pays nothing for it. */

export class LazyEndpoint<Endpoint> {
  readonly #load: () => Promise<Endpoint>;
  #endpoint: Promise<Endpoint> | null = null;

  constructor(load: () => Promise<Endpoint>) {
    this.#load = load;
  }

  async answer(by: (endpoint: Endpoint) => void | Promise<void>): Promise<void> {
    this.#endpoint ??= this.#load();
    await by(await this.#endpoint);
  }
}
