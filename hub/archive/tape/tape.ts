/**
 * Tapes: the newest lines in files as they came, one `log` event after the other exactly as they went over the stream. Writing one
 * costs next to nothing; when some MiB are together they are moved into a volume (`keeper.ts`).
 */
import { readFileSync } from 'node:fs';
import { parseCursor } from '../../../shared/cursor.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import type { ArchivedEntry } from '../archived.ts';

/** A tape is moved when it has grown to this, in bytes. */
export const TAPE_BYTES = 2 * 1024 * 1024;

/** JSON leaves U+2028 and U+2029 as they are, which a dot does not match. */
const block = /^id: ([a-z0-9]{4,32}-\d{1,15})\nevent: log\ndata: (\{[^\n]*\})$/;

/** Every whole event of it, in order, one after the other: all at once would take many times the tape's size in memory. */
export function readTape(file: string): Generator<ArchivedEntry> {
  return entriesIn(readFileSync(file, 'utf8'));
}

export function tapeEntries(text: string): ArchivedEntry[] {
  return [...entriesIn(text)];
}

function* entriesIn(text: string): Generator<ArchivedEntry> {
  for (const { entry } of tapeBlocks(text)) if (entry !== null) yield entry;
}

/** As each is written, and what it says; null: nothing that can be read. What a crash or a bad disk left of the last is left out. */
export function* tapeBlocks(text: string): Generator<{ text: string; entry: ArchivedEntry | null }> {
  let begin = 0;
  for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', begin)) {
    const block = text.slice(begin, end);
    yield { text: block, entry: entryOf(block) };
    begin = end + 2;
  }
}

function entryOf(text: string): ArchivedEntry | null {
  const [, id, data] = block.exec(text) ?? [];
  const cursor = id === undefined ? null : parseCursor(id);
  if (cursor === null || data === undefined) return null;
  try {
    const line = JSON.parse(data) as LogLine;
    return isLine(line) ? { epoch: cursor.epoch, sequence: cursor.sequence, line } : null;
  } catch {
    return null;
  }
}

/** The hub wrote it itself, so what a bad disk can make of it is looked for and no more. */
function isLine({ host, time, source, text }: LogLine): boolean {
  return (
    typeof host === 'string' &&
    Number.isSafeInteger(time) &&
    typeof source === 'string' &&
    typeof text === 'string'
  );
}
