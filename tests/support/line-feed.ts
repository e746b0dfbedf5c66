/** Feeds a hub numbered log lines and samples, as fast as a test wants them. */
import type { ObservationSink } from '../../shared/observer.ts';
import { logLineOf, sampleOf } from './observations.ts';

export class LineFeed implements Disposable {
  readonly #sink: ObservationSink;
  #timer: NodeJS.Timeout | undefined;
  #next: number;

  /** Begins with line number `first`. */
  constructor(sink: ObservationSink, first = 0) {
    this.#sink = sink;
    this.#next = first;
  }

  /** The number of the line that comes next. */
  get next(): number {
    return this.#next;
  }

  /** One line now. Returns its text. */
  one(): string {
    const index = this.#next++;
    this.#sink.observe({ name: 'log', data: logLineOf('web-1', index) });
    return `line ${index}`;
  }

  /** A line and a sample every `everyMs` from now on. */
  start(everyMs: number): void {
    this.#timer = setInterval(() => {
      this.one();
      this.#sink.observe({ name: 'sample', data: sampleOf('web-1', this.#next, { time: Date.now() }) });
    }, everyMs);
  }

  /** Returns the text of the newest line. */
  stop(): string {
    clearInterval(this.#timer);
    return this.one();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
