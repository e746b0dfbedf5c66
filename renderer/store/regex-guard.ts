/**
 * Tries regular expressions on batches of texts in a worker, and stops those that take too long: an
 * expression typed by a person may need longer than the universe has (`(a+)+b`), and the page must go on.
 */
import type { RegexAnswer, RegexPattern, RegexTask } from './regex-worker.ts';
import { regexWorkerScript } from './worker-script.ts';

export interface RegexGuardOptions {
  /** What a batch may take, as the worker measures it. Default 50. */
  batchMs?: number;
  /** Silence after which the worker is ended, milliseconds. Default 250. */
  silenceMs?: number;
}

/** A batch has at most this many texts, and this many UTF-16 units unless one text alone has more. */
export const batchTexts = 500;
export const batchLength = 256 * 1024;

export class RegexGuard {
  readonly #batchMs: number;
  readonly #silenceMs: number;
  #worker: Promise<Worker> | null = null;
  /** One batch at a time: none waits behind another with its clock running. */
  #turn: Promise<unknown> = Promise.resolve();
  #number = 0;

  constructor(options: RegexGuardOptions = {}) {
    this.#batchMs = options.batchMs ?? 50;
    this.#silenceMs = options.silenceMs ?? 250;
  }

  /** Per pattern, per text, 1 where it matches. Null: the expressions take too long and were stopped. */
  async test(patterns: readonly RegexPattern[], texts: string[]): Promise<Uint8Array[] | null> {
    const answer = await this.#try('test', patterns, texts);
    return answer?.matches ?? null;
  }

  /** Per text, [start, end, start, end ...]. Null: the expressions take too long and were stopped. */
  async find(patterns: readonly RegexPattern[], texts: string[]): Promise<number[][] | null> {
    const answer = await this.#try('find', patterns, texts);
    return answer?.places ?? null;
  }

  dispose(): void {
    this.#end();
  }

  #try(
    kind: RegexTask['kind'],
    patterns: readonly RegexPattern[],
    texts: string[],
  ): Promise<RegexAnswer | null> {
    const turn = this.#turn.then(() => this.#tryNow(kind, patterns, texts));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #tryNow(
    kind: RegexTask['kind'],
    patterns: readonly RegexPattern[],
    texts: string[],
  ): Promise<RegexAnswer | null> {
    const plain = patterns.map(({ pattern, flags }) => ({ pattern, flags }));
    // Slow once may be the machine's fault, so a batch that was slow is tried a second time.
    for (let round = 0; round < 2; round++) {
      const answer = await this.#ask({ number: ++this.#number, kind, patterns: plain, texts });
      if (answer === null) return null;
      if (answer.tookMs <= this.#batchMs) return answer;
    }
    return null;
  }

  async #ask(task: RegexTask): Promise<RegexAnswer | null> {
    this.#worker ??= startWorker();
    const worker = await this.#worker;
    const answer = await answerWithin(worker, task, this.#silenceMs);
    if (answer === null) this.#end();
    return answer;
  }

  #end(): void {
    void this.#worker?.then((worker) => worker.terminate());
    this.#worker = null;
  }
}

/** Resolves once the worker runs, so that loading it does not count as the expression's time. */
function startWorker(): Promise<Worker> {
  const worker = new Worker(regexWorkerScript(), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', () => resolve(worker), { once: true });
    worker.addEventListener('error', () => reject(new Error('The expression worker did not start')), {
      once: true,
    });
  });
}

function answerWithin(worker: Worker, task: RegexTask, limitMs: number): Promise<RegexAnswer | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(null), limitMs);
    worker.addEventListener('message', onMessage);
    worker.postMessage(task);

    function onMessage(event: MessageEvent<RegexAnswer>): void {
      if (event.data.number === task.number) finish(event.data);
    }

    function finish(answer: RegexAnswer | null): void {
      clearTimeout(timer);
      worker.removeEventListener('message', onMessage);
      resolve(answer);
    }
  });
}
