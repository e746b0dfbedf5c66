/** The owner's addresses of reach, and the certificate of the hub's own authority for everybody. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { WatchlineError } from '../../shared/errors.ts';
import { reachChange, reachTestRequest } from '../../shared/schema/reach.ts';
import { answer, answerJson, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { Reach } from './reach.ts';
import { Trials } from './trial/trials.ts';

const MAX_REACH_BODY_BYTES = 32 * 1024;

export class ReachEndpoint {
  readonly #reach: Reach;
  readonly #trials = new Trials();

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** `GET /api/v1/reach` */
  async tell(exchange: Exchange): Promise<void> {
    await this.#reach.refresh();
    await this.#answer(exchange);
  }

  /** `PUT /api/v1/reach` */
  async change(exchange: Exchange): Promise<void> {
    const change = await readJsonBody(exchange.request, reachChange, MAX_REACH_BODY_BYTES);
    try {
      await this.#reach.change(change);
      await this.#answer(exchange);
    } catch (error) {
      throw problemOf(error as Error);
    } finally {
      // It may have come by the listener it closes.
      onceSent(exchange.response, () => void this.#reach.endRetired());
    }
  }

  /** `POST /api/v1/reach/test` */
  async test(exchange: Exchange): Promise<void> {
    const { url } = await readJsonBody(exchange.request, reachTestRequest, MAX_REACH_BODY_BYTES);
    const { testReach } = await import('./trial/test-reach.ts');
    answerJson(exchange, await testReach(this.#reach, this.#trials, url));
  }

  /** `GET /api/v1/reach/trials/:name`: asked by the test itself. */
  answerTrial(exchange: Exchange): void {
    this.#trials.answer(exchange);
  }

  /** `GET /ca.crt` */
  async handOutAuthority(exchange: Exchange): Promise<void> {
    const file = path.join(this.#reach.dataDir, 'ca.crt');
    const certificate = await readFile(file, 'utf8').catch(() => null);
    if (certificate === null) throw noAuthority();
    answer(exchange, 200, 'application/x-x509-ca-cert', certificate, {
      'Content-Disposition': 'attachment; filename="watchline-ca.crt"',
    });
  }

  /** What an answer is made of is imported where somebody asks. */
  async #answer(exchange: Exchange): Promise<void> {
    const { reachAnswerOf } = await import('./reach-answer.ts');
    answerJson(exchange, reachAnswerOf(this.#reach));
  }
}

function onceSent(response: ServerResponse, then: () => void): void {
  if (response.destroyed || response.writableFinished) then();
  else response.once('close', then);
}

function noAuthority(): ProblemError {
  return new ProblemError(404, 'no-authority', 'This hub has no authority of its own.', {
    remedy:
      'It makes one when its owner opens "This network" with TLS and without a certificate of their own.',
  });
}

const statuses: Record<string, number> = {
  'port-in-use': 409,
  'fixed-by-settings': 409,
  'plain-not-accepted': 409,
  'port-not-allowed': 400,
  'address-unusable': 400,
  'certificate-unusable': 400,
};

function problemOf(error: Error): Error {
  if (!(error instanceof WatchlineError)) return error;
  const status = statuses[error.code];
  if (status === undefined) return error;
  return new ProblemError(status, error.code, error.message, {
    ...(error.remedy !== null && { remedy: error.remedy }),
    cause: error,
  });
}
