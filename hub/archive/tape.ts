/**
 * Tapes: the newest lines in files as they came, one `log` event after the other exactly as they went over the stream. Writing one
 * costs next to nothing; when some MiB are together they are moved into a volume (`keeper.ts`).
 */
import { readFileSync } from 'node:fs';
import { parseCursor } from '../../shared/cursor.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { ArchivedEntry } from './archived.ts';

/** A tape is moved when it has grown to this, in bytes. */
export const TAPE_BYTES = 2 * 1024 * 1024;

const block = /^id: ([a-z0-9]{4,32}-\d{1,15})\nevent: log\ndata: (\{.*\})$/;

/** Every whole event of it, in order. What a crash or a bad disk made of the rest is left out. */
export function readTape(file: string): ArchivedEntry[] {
  return tapeEntries(readFileSync(file, 'utf8'));
}

export function tapeEntries(text: string): ArchivedEntry[] {
  return tapeBlocks(text).flatMap(({ entry }) => entry ?? []);
}

/** As it is written, and what it says; null: nothing that can be read. */
export function tapeBlocks(text: string): { text: string; entry: ArchivedEntry | null }[] {
  const blocks = text.split('\n\n');
  // What follows the last empty line is empty, or torn.
  blocks.pop();
  return blocks.map((block) => ({ text: block, entry: entryOf(block) }));
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
