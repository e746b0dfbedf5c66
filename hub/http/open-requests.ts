/**
 * Requests under way, by who asks: one that was let in, and is still being sent or answered when its token is taken back, does nothing any
 * more. Streams and polls have owners of their own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ender } from '../access/endings.ts';
import { http2StreamOf } from './http2-request.ts';

/** For who is being answered. */
const LAST_WORD_MS = 400;

interface OpenRequest {
  credential: string;
  request: IncomingMessage;
  response: ServerResponse;
}

export class OpenRequests implements Ender {
  readonly #open = new Set<OpenRequest>();

  /** Until its answer has left, or the client has. Returns what takes it off the list before that. */
  add(open: OpenRequest): () => void {
    this.#open.add(open);
    const remove = () => void this.#open.delete(open);
    open.response.once('close', remove);
    return remove;
  }

  /**
   * One that is still being sent is cut after this turn: in it whoever takes back his own is answered, and so are held polls. One that is
   * being answered has a moment for its last word, as searches have one.
   */
  endWhere(fits: (credential: string) => boolean): void {
    const leaving = [...this.#open].filter(({ credential }) => fits(credential));
    if (leaving.length === 0) return;
    setImmediate(() => cut(leaving.filter(({ request }) => !request.complete)));
    setTimeout(() => cut(leaving), LAST_WORD_MS).unref();
  }
}

function cut(leaving: readonly OpenRequest[]): void {
  for (const { request, response } of leaving) {
    if (!response.writableEnded) (http2StreamOf(request) ?? request.socket).destroy();
  }
}
