/**
 * Notes on disk: one JSON line each, appended; a line of a known id replaces the one before. A crash leaves at most a torn
 * last line, which is cut; a file that has grown is written anew, whole or not at all.
 */
import { readFileSync, statSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { note, NOTES_PAST_MS, type Note } from '../../shared/schema/notes.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';

/** Past this the file is written anew, with the newest notes that fit into half of it: some eight thousand. */
export const MAX_NOTE_FILE_BYTES = 4 * 1024 * 1024;

/** Written first in each line, so that most lines need not be parsed. */
const timeInLine = /^\{"id":"[a-z0-9]{8,32}","kind":"[a-z]+","time":(-?\d+),/;

export class NoteFile {
  readonly #path: string;
  #bytes = 0;
  /** True while the disk lacks something the hub holds, or holds something to be cut. */
  #isBehind = false;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Every whole line of `since` or later, in the order they were written. A file that is missing, damaged or none of ours holds
   * nothing and stops nobody.
   */
  read(since = -Infinity): Note[] {
    try {
      const stats = statSync(this.#path);
      if (!stats.isFile()) return [];
      if (stats.size > 2 * MAX_NOTE_FILE_BYTES) return this.#nothing();
      const text = readFileSync(this.#path, 'utf8');
      const { notes, isDamaged } = parseLines(text, since, Infinity);
      this.#bytes = stats.size;
      this.#isBehind = isDamaged;
      return notes;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : this.#nothing();
    }
  }

  /** As `read`, of a stretch with both ends included, without holding up whoever else is served. */
  async readBetween(from: number, to: number): Promise<Note[]> {
    await this.#lastWrite;
    try {
      return parseLines(await readFile(this.#path, 'utf8'), from, to).notes;
    } catch {
      return [];
    }
  }

  /**
   * Writes one note; `held` gives those of which the disk may lack some. Resolves once it is on the disk, with null, or with what went
   * wrong: then the next write tries again, with all of them.
   */
  append(added: Note, held: () => Note[]): Promise<Error | null> {
    return this.#inTurn(async () => {
      const line = `${JSON.stringify(added)}\n`;
      const bytes = Buffer.byteLength(line);
      if (this.#isBehind || this.#bytes + bytes > MAX_NOTE_FILE_BYTES)
        return this.#writeAnew([...held(), added]);
      await appendFile(this.#path, line, { mode: 0o600, flush: true });
      this.#bytes += bytes;
    });
  }

  /** A last try for what a write before could not do. */
  catchUp(held: () => Note[]): Promise<Error | null> {
    return this.#inTurn(() => {
      if (this.#isBehind) this.#writeAnew(held());
    });
  }

  /** One write after the other, in the order they were asked for. */
  #inTurn(write: () => void | Promise<void>): Promise<Error | null> {
    const done = this.#lastWrite.then(write).then(
      () => null,
      (error: unknown) => {
        this.#isBehind = true;
        return error as Error;
      },
    );
    this.#lastWrite = done;
    return done;
  }

  /** What stands in the file and what is held, without what was withdrawn or replaced, is too old or has no room. */
  #writeAnew(held: readonly Note[]): void {
    const byId = new Map<string, Note>();
    for (const each of [...this.#read(), ...held]) {
      byId.delete(each.id);
      byId.set(each.id, each);
    }
    const lines: string[] = [];
    let bytes = 0;
    const newestFirst = [...byId.values()].filter(isKept).sort((a, b) => b.time - a.time);
    for (const each of newestFirst) {
      const line = `${JSON.stringify(each)}\n`;
      bytes += Buffer.byteLength(line);
      if (bytes > MAX_NOTE_FILE_BYTES / 2) break;
      lines.push(line);
    }
    const text = lines.reverse().join('');
    writeFileAtomically(this.#path, text);
    this.#bytes = Buffer.byteLength(text);
    this.#isBehind = false;
  }

  /** As far as it can be read: what cannot is lost, and the rest goes on. */
  #read(): Note[] {
    const before = this.#bytes;
    const notes = this.read();
    this.#bytes = before;
    return notes;
  }

  #nothing(): Note[] {
    this.#isBehind = true;
    return [];
  }
}

function isKept({ isWithdrawn, time }: Note): boolean {
  return isWithdrawn !== true && time >= Date.now() - NOTES_PAST_MS;
}

/** Lines outside of the stretch are passed over. `isDamaged`: there is something that is no note. */
function parseLines(text: string, from: number, to: number): { notes: Note[]; isDamaged: boolean } {
  const notes: Note[] = [];
  let isDamaged = text !== '' && !text.endsWith('\n');
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    if (line === '') continue;
    const time = timeInLine.exec(line)?.[1];
    if (time !== undefined && (Number(time) < from || Number(time) > to)) continue;
    const parsed = parseLine(line);
    if (parsed === null) isDamaged = true;
    else if (parsed.time >= from && parsed.time <= to) notes.push(parsed);
  }
  return { notes, isDamaged };
}

function parseLine(line: string): Note | null {
  try {
    return note.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
