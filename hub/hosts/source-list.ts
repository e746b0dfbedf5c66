/** The log sources of one host, each as it was told last; bounded, because each that comes and goes would stay for good. */
import type { LogSource } from '../../shared/schema/logs.ts';

/** Sources of one host that are listed at once: their memory is the hub's, and every page's. */
const MAX_SOURCES = 1024;

export interface TakenSource {
  /** False: there is no room for it. */
  isTaken: boolean;
  /** What readers are told before it: who made way, that sources are left out, or that none are any more. */
  told: LogSource[];
}

export class SourceList {
  readonly #sources = new Map<string, LogSource>();
  /** Those that were read at some time: what waits and was read is gone, what waits and never was is still expected. */
  readonly #wereRead = new Set<string>();
  /** Stands among the sources while others are left out. */
  #limit: LogSource | null = null;

  get(id: string): LogSource | undefined {
    return this.#sources.get(id);
  }

  *values(): Iterable<LogSource> {
    yield* this.#sources.values();
    if (this.#limit !== null) yield this.#limit;
  }

  take(source: LogSource): TakenSource {
    const told: LogSource[] = [];
    if (source.gone === true) {
      const isKnown = this.#drop(source.id);
      return { isTaken: isKnown, told: isKnown ? this.#liftLimit(source) : [] };
    }
    if (!this.#sources.has(source.id)) {
      if (this.#sources.size >= MAX_SOURCES) {
        const leaving = this.#whoMakesWay();
        if (leaving === null) return { isTaken: false, told: this.#tellLimit(source) };
        this.#drop(leaving.id);
        told.push({ ...leaving, gone: true });
      }
      told.push(...this.#liftLimit(source));
    }
    this.#sources.set(source.id, source);
    if (source.state !== 'waiting') this.#wereRead.add(source.id);
    return { isTaken: true, told };
  }

  /** Of those that wait the one that does so longest; what was never there yet goes last. */
  #whoMakesWay(): LogSource | null {
    let first: LogSource | null = null;
    for (const source of this.#sources.values()) {
      if (source.state === 'waiting' && (first === null || this.#goesBefore(source, first))) first = source;
    }
    return first;
  }

  #goesBefore(a: LogSource, b: LogSource): boolean {
    const wasRead = this.#wereRead.has(a.id);
    return wasRead === this.#wereRead.has(b.id) ? a.since < b.since : wasRead;
  }

  #drop(id: string): boolean {
    this.#wereRead.delete(id);
    return this.#sources.delete(id);
  }

  /** Once, however many are left out. */
  #tellLimit({ host, since }: LogSource): LogSource[] {
    if (this.#limit !== null) return [];
    this.#limit = {
      host,
      id: 'source-limit',
      kind: 'system',
      label: 'more sources',
      state: 'failed',
      reason: `More than ${MAX_SOURCES} log sources of this host are read at once; the others are read, but not listed. Narrow \`logs.files\` or widen \`logs.exclude\` on that host.`,
      since,
    };
    return [this.#limit];
  }

  #liftLimit({ since }: LogSource): LogSource[] {
    if (this.#limit === null) return [];
    const limit: LogSource = { ...this.#limit, state: 'following', reason: null, since, gone: true };
    this.#limit = null;
    return [limit];
  }
}
