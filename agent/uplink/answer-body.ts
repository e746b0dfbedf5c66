/** Collects the body of an answer, within its limit. */
import { WatchlineError } from '../../shared/errors.ts';
import { MAX_ANSWER_BYTES } from './hub-connection.ts';

export class AnswerBody {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** Throws where there is too much of it. */
  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_ANSWER_BYTES) {
      throw new WatchlineError(
        'answer-too-large',
        `The hub's answer is larger than ${MAX_ANSWER_BYTES} bytes.`,
        {
          remedy: 'Check that the address is the hub itself.',
          isRetryable: true,
        },
      );
    }
    this.#chunks.push(chunk);
  }

  whole(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
