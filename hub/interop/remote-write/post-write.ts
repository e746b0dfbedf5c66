/** Hands series to a receiver, and what its answer means for them: taken, refused for good, or to be sent again. */
import { visibleText } from '../../../shared/visible-text.ts';
import { retryAfterOf } from '../../upstreams/answer-problem.ts';
import type { TargetAnswer, TargetConnection } from '../ask-target.ts';
import { TargetError } from '../target-error.ts';
import { encodeWrite } from './encode-write.ts';
import { valueCount, type WrittenSeries } from './written-series.ts';

const ANSWER_LIMIT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_SENTENCE = 300;
/** A receiver that refuses half of everything is not asked about every single value. */
const MAX_TRIES = 64;

export interface WriteOutcome {
  /** Values. */
  taken: number;
  refused: number;
  /** Why; null: none was refused. */
  refusal: string | null;
}

export class WritePost {
  readonly #url: URL;
  readonly #connection: TargetConnection;
  /** Asked anew for each request: a secret is opened only while it is sent. */
  readonly #headers: () => Record<string, string>;

  constructor(url: URL, connection: TargetConnection, headers: () => Record<string, string>) {
    this.#url = url;
    this.#connection = connection;
    this.#headers = headers;
  }

  /**
   * Receivers refuse a request as a whole for one value that is too old or came before (400): it is then sent in halves, first by
   * time, then by series, until what is refused is found. Throws where nothing was decided: unreachable, overloaded, or misconfigured.
   */
  async write(series: readonly WrittenSeries[], signal: AbortSignal): Promise<WriteOutcome> {
    const outcome: WriteOutcome = { taken: 0, refused: 0, refusal: null };
    const waiting: (readonly WrittenSeries[])[] = [series];
    for (let tries = 1; waiting.length > 0; tries++) {
      const part = waiting.shift()!;
      const refusal = await this.#send(part, signal);
      const halves = refusal === null || tries >= MAX_TRIES ? null : halved(part);
      if (refusal === null) outcome.taken += valueCount(part);
      else if (halves !== null) waiting.unshift(...halves);
      else {
        outcome.refused += valueCount(part);
        outcome.refusal = refusal;
      }
    }
    return outcome;
  }

  /** Whether samples are taken here at all: what is refused later is then the samples' fault. Throws as `write` does. */
  async greet(series: readonly WrittenSeries[], signal: AbortSignal): Promise<void> {
    const refusal = await this.#send(series, signal);
    if (refusal === null) return;
    throw new TargetError(
      `${this.#url.origin}${this.#url.pathname} takes no samples: ${refusal}`,
      'Check the address: Prometheus and VictoriaMetrics take them at /api/v1/write, Mimir at /api/v1/push.',
      false,
    );
  }

  /** Null: they were taken; else why they were refused for good, one sentence. */
  async #send(series: readonly WrittenSeries[], signal: AbortSignal): Promise<string | null> {
    const answer = await this.#connection.ask({
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
        ...this.#headers(),
      },
      body: encodeWrite(series),
      signal,
      timeoutMs: ANSWER_LIMIT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
    const { status } = answer;
    if (status >= 200 && status < 300) return null;
    if ([400, 409, 413, 422].includes(status)) return `${status} ${saidBy(answer)}`.trim();
    throw this.#undecided(answer);
  }

  #undecided(answer: TargetAnswer): TargetError {
    const { status } = answer;
    const said = saidBy(answer);
    const words = `${this.#url.origin} answered ${status}${said === '' ? '.' : `: ${said}`}`;
    if (status === 429 || status >= 500) {
      return new TargetError(words, 'What it did not take is sent again.', true, retryAfterOf(answer));
    }
    const remedy =
      status === 401 || status === 403
        ? 'Remove it and add it again with a secret that is valid there.'
        : 'Check the address. Prometheus takes samples only when started with --web.enable-remote-write-receiver.';
    return new TargetError(words, remedy, false);
  }
}

/** What came before came before for all series: halves are of time first. Null: it is a single value. */
function halved(series: readonly WrittenSeries[]): [WrittenSeries[], WrittenSeries[]] | null {
  const first = Math.min(...series.map(({ times }) => times[0]!));
  const last = Math.max(...series.map(({ times }) => times.at(-1)!));
  if (first < last) {
    const middle = Math.floor((first + last) / 2);
    return [within(series, first, middle), within(series, middle + 1, last)];
  }
  if (series.length < 2) return null;
  return [series.slice(0, series.length >> 1), series.slice(series.length >> 1)];
}

/** Both ends included; series without a value in between are left out. */
function within(series: readonly WrittenSeries[], from: number, to: number): WrittenSeries[] {
  return series.flatMap(({ labels, times, values }) => {
    const rows = [...times.keys()].filter((row) => times[row]! >= from && times[row]! <= to);
    if (rows.length === 0) return [];
    return { labels, times: rows.map((row) => times[row]!), values: rows.map((row) => values[row]!) };
  });
}

function saidBy({ body }: TargetAnswer): string {
  return visibleText(body.toString('utf8').trim().split('\n')[0]!).slice(0, MAX_SENTENCE);
}
