/** Observes a host, except while its owner wants nothing observed: then nothing of it runs. */
import type { HostObserver, ObservationSink } from '../shared/observer.ts';

export class PausableObserver implements HostObserver {
  readonly #create: (isAfterPause: boolean) => HostObserver;
  #sink: ObservationSink | null = null;
  #observer: HostObserver | null = null;
  #isPaused = false;
  #wasPaused = false;
  #isDisposed = false;
  /** Stops and starts happen one after the other. */
  #change: Promise<void> = Promise.resolve();

  /** `create`: called for the first start, and after each pause. */
  constructor(create: (isAfterPause: boolean) => HostObserver) {
    this.#create = create;
  }

  async start(sink: ObservationSink): Promise<void> {
    this.#sink = sink;
    await this.#turn();
  }

  /** Takes effect soon. What it ends with comes to the sink before. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    void this.#turn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#turn();
  }

  #turn(): Promise<void> {
    this.#change = this.#change.then(() => this.#become(!this.#isPaused && !this.#isDisposed));
    return this.#change;
  }

  async #become(shallObserve: boolean): Promise<void> {
    if (shallObserve === (this.#observer !== null)) return;
    const ended = this.#observer;
    this.#observer = shallObserve ? this.#create(this.#wasPaused) : null;
    this.#wasPaused = true;
    await ended?.[Symbol.asyncDispose]();
    await this.#observer?.start(this.#sink!);
  }
}
