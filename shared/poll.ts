/**
 * Long-polling, `GET /api/v1/poll`: the stream's own events in answers that end, for networks that hold a stream back.
 *
 * Query: `cursor` (the id of the last event the reader has; none: begin with a snapshot), `wait` (seconds), and the
 * view as on the stream (`channels`, `hosts`, `level`, `interval`, `recent`).
 *
 * The body is SSE text, whole blocks, at least one. The id of its last block is the cursor of the next request:
 * - without a cursor: `hello`, the snapshot, `ready`;
 * - with one that cannot be resumed: `hello`, `reset`, the snapshot, `ready`;
 * - with one that can: what followed it, as soon as there is something, without `hello` and `ready`;
 * - nothing within `wait`: one `ping`;
 * - the hub stops: one `bye`, to come back after its `retryMs`.
 */

/** `wait` at most, and by default: proxies time out at 30 s or more. 0 answers at once. */
export const MAX_POLL_WAIT_SECONDS = 25;

/** Events of one answer, unless a single one is larger; the next request gets the rest at once. A snapshot comes whole. */
export const MAX_POLL_BYTES = 1024 * 1024;

/** Not `text/event-stream`: what holds a stream back knows it by that type. */
export const POLL_CONTENT_TYPE = 'text/plain; charset=utf-8';

/** One block, its data not parsed yet: what an `EventSource` would hand over as `lastEventId`, `type` and `data`. */
export interface PollEvent {
  id: string;
  name: string;
  data: string;
}

/** JSON leaves U+2028 and U+2029 as they are, which a dot does not match. */
const blockPattern = /^id: ([^\n]*)\nevent: ([^\n]*)\ndata: ([^\n]*)$/;

/** The blocks of an answer's body. What is not a block of `id`, `event` and `data` is left out. */
export function parsePollBody(body: string): PollEvent[] {
  return body.split('\n\n').flatMap((block) => {
    const match = blockPattern.exec(block);
    return match ? [{ id: match[1]!, name: match[2]!, data: match[3]! }] : [];
  });
}
