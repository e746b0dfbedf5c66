/**
 * What a tail begins with. A snapshot holds the newest 200 lines of each host, and right after a start of the hub none; where more are wanted, or
 * few of those pass, the archive has the others.
 */
import { formatCursor, parseCursor } from '../../../shared/cursor.ts';
import { SNAPSHOT_LOG_LINES } from '../../../shared/protocol.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';
import type { Archive } from './archive.ts';
import { askInTime } from './ask-in-time.ts';
import type { TailMessage } from './with-missed.ts';

/** A filter that hardly a line passes is not waited for longer: the snapshot is there. */
const BEGIN_MS = 3_000;
const PAGE_LINES = 1_000;

/** `archive` null: there is none that could be asked. `wanted`: lines. Only what stands before the first `ready` is changed. */
export async function* withBeginning(
  messages: AsyncIterable<TailMessage>,
  archive: Archive | null,
  wanted: number,
  signal: AbortSignal,
): AsyncGenerator<TailMessage> {
  let held: TailMessage[] | null = archive === null || wanted === 0 ? null : [];
  for await (const message of messages) {
    if (held === null || 'skipped' in message) yield message;
    else if (message.name === 'log') held.push(message);
    else {
      // A connection that broke within its snapshot is followed by a whole one.
      if (message.name === 'hello') held = [];
      if (message.name === 'ready') {
        const isWhole = archive!.isOfAll && wanted <= Math.min(held.length, SNAPSHOT_LOG_LINES);
        yield* (isWhole ? null : await newestLines(archive!, wanted, message.id, signal)) ?? held;
        held = null;
      }
      yield message;
    }
  }
}

/** Up to the event of this place, in the order in which they came; null: the archive cannot tell them. */
async function newestLines(
  archive: Archive,
  wanted: number,
  id: string | null,
  signal: AbortSignal,
): Promise<TailMessage[] | null> {
  const place = parseCursor(id ?? '');
  if (place === null) return null;
  const deadline = performance.now() + BEGIN_MS;
  const found: ArchivedLine[] = [];
  let before = formatCursor(place.epoch, place.sequence + 1);
  while (found.length < wanted) {
    const limit = Math.min(PAGE_LINES, wanted - found.length);
    const question = { after: null, before, limit, isNewestFirst: true };
    const page = await askInTime(archive, question, deadline, signal);
    if (!page.isGood || page.isTroubled) return null;
    found.push(...page.lines);
    if (page.rest === null) break;
    before = page.rest;
  }
  return found.reverse().map((line) => ({ name: 'log', id: line.id, data: JSON.stringify(line.line) }));
}
