/** An observer that sees what a test tells it to. */
import type { Observation } from '../../shared/events.ts';
import type { HostObserver, ObservationSink, ObservedHost } from '../../shared/observer.ts';
import { observedHost, sampleOf } from './observations.ts';

export class ScriptedObserver implements HostObserver {
  readonly #host: ObservedHost;
  readonly #first: Observation[];
  #sink: ObservationSink | null = null;
  isDisposed = false;

  /** On `start` it describes `host` and hands over `first`: by default one sample. */
  constructor(host = observedHost(), first: Observation[] = [{ name: 'sample', data: sampleOf(host.id) }]) {
    this.#host = host;
    this.#first = first;
  }

  start(sink: ObservationSink): Promise<void> {
    this.#sink = sink;
    sink.describe(this.#host);
    for (const observation of this.#first) sink.observe(observation);
    return Promise.resolve();
  }

  observe(observation: Observation): void {
    if (!this.#sink) throw new Error('The observer was not started yet');
    this.#sink.observe(observation);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}
