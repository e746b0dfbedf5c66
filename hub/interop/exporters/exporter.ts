/** One node_exporter: asked again and again for as long as it is wanted, and how that goes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Trust } from '../../../link/tls/trust.ts';
import type { ExporterEntry } from '../../../shared/schema/interop.ts';
import { TargetConnection, type TargetAnswer } from '../ask-target.ts';
import { TargetError } from '../target-error.ts';
import {
  authorizationOf,
  isRefusal,
  reasonOf,
  TargetStanding,
  type Target,
  type TargetParts,
} from '../target.ts';
import { retryAfterOf } from '../../upstreams/answer-problem.ts';
import { ExporterHost, type ExporterHostParts } from './exporter-host.ts';
import type { KeptExporter } from './kept-exporter.ts';

/** A machine of hundreds of cores and containers tells 2 MiB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const ANSWER_LIMIT_MS = 10_000;
/** Rates take two answers: at first they are asked for this soon after each other. */
const FIRST_INTERVAL_MS = 1_000;

export interface ExporterOptions extends TargetParts, ExporterHostParts {
  kept: KeptExporter;
}

export class Exporter implements Target<ExporterEntry> {
  readonly #options: ExporterOptions;
  readonly #kept: KeptExporter;
  readonly #host: ExporterHost;
  readonly #standing = new TargetStanding();
  #tookMs: number | null = null;
  #stop: AbortController | null = null;
  #asking: Promise<void> = Promise.resolve();

  constructor(options: ExporterOptions) {
    this.#options = options;
    this.#kept = options.kept;
    this.#host = new ExporterHost(options.kept, options);
    if (options.kept.paused) this.#rest();
    else this.start();
  }

  get entry(): ExporterEntry {
    const { id, url, pin, intervalSeconds } = this.#kept;
    const { version } = this.#host;
    return {
      id,
      url,
      ...this.#standing.told,
      pin,
      host: this.#host.id,
      intervalSeconds,
      version,
      tookMs: this.#tookMs,
    };
  }

  start(): void {
    if (this.#stop !== null) return;
    this.#stop = new AbortController();
    this.#standing.turn('connecting');
    this.#host.resume();
    this.#asking = this.#askOnAndOn(this.#stop.signal);
  }

  async pause(): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#rest();
  }

  async remove(): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#host.forget();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop?.abort();
    this.#stop = null;
    await this.#asking;
  }

  #rest(): void {
    this.#standing.turn('paused');
    this.#host.pause();
  }

  async #askOnAndOn(signal: AbortSignal): Promise<void> {
    const { url, pin, intervalSeconds } = this.#kept;
    const trust: Trust = pin === null ? { kind: 'system' } : { kind: 'pin', pin };
    using connection = new TargetConnection(new URL(url), trust, this.#options.guard);
    while (!signal.aborted) {
      const startedAt = performance.now();
      let everyMs = intervalSeconds * 1000;
      try {
        const isFirst = !this.#host.hasCounters;
        await this.#ask(connection, signal);
        if (isFirst) everyMs = Math.min(everyMs, FIRST_INTERVAL_MS, this.#options.retryMs);
      } catch (error) {
        if (signal.aborted) return;
        everyMs = this.#explain(error as Error, everyMs);
      }
      const waitMs = Math.max(0, startedAt + everyMs - performance.now());
      // Cut short by disposal, which is no failure.
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #ask(connection: TargetConnection, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const answer = await connection.ask({
      method: 'GET',
      headers: {
        accept: 'text/plain;version=0.0.4',
        'accept-encoding': 'gzip',
        ...authorizationOf(this.#kept, this.#options.keyring),
      },
      body: null,
      signal,
      timeoutMs: ANSWER_LIMIT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (answer.status !== 200) throw refusedAnswer(this.#kept.url, answer);
    const now = { wallMs: Date.now(), monotonicMs: performance.now(), uptimeMs: 0 };
    this.#tookMs = Math.round(now.monotonicMs - startedAt);
    this.#host.take(answer.body.toString('utf8'), now, this.#tookMs);
    this.#standing.turn('live');
  }

  /** What went wrong, for people; and when to ask again. */
  #explain(error: Error, everyMs: number): number {
    const { refusedRetryMs, retryMs } = this.#options;
    const reason = reasonOf(error);
    const isFinal = isRefusal(error);
    this.#tookMs = null;
    this.#standing.turn(isFinal ? 'refused' : 'waiting', reason);
    this.#host.lose(reason);
    const askedForMs = error instanceof TargetError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(isFinal ? refusedRetryMs : Math.min(everyMs, retryMs), askedForMs);
  }
}

function refusedAnswer(url: string, answer: TargetAnswer): TargetError {
  const { status } = answer;
  if (status === 401 || status === 403) {
    return new TargetError(
      `${url} refused ${status === 401 ? 'the secret' : 'this hub'} (${status}).`,
      'Remove it and add it again with the user and password, or the token, that are valid there.',
      false,
    );
  }
  const isRetryable = status === 429 || status >= 500;
  const remedy = isRetryable
    ? 'It is asked again by itself.'
    : 'Check port and path: 9100 and /metrics as it comes.';
  return new TargetError(`${url} answered ${status}.`, remedy, isRetryable, retryAfterOf(answer));
}
