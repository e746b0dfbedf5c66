/**
 * Notes on disk: one JSON line each, appended; a line of a known id replaces the one before. A crash leaves at most a torn
 * last line, which is cut; a file that has grown is written anew, whole or not at all.
 */
import { readFileSync, statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { note, type Note } from '../../shared/schema/notes.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';

/** Past this the file is written anew from the notes that are still held; these take half of it at most. */
export const MAX_NOTE_FILE_BYTES = 2 * 1024 * 1024;

export class NoteFile {
  readonly #path: string;
  #bytes = 0;
  /** True while the disk lacks something the hub holds, or holds something to be cut. */
  #isBehind = false;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Every whole line, oldest first. A file that is missing, damaged or none of ours holds nothing and stops nobody. */
  read(): Note[] {
    try {
      const stats = statSync(this.#path);
      if (!stats.isFile()) return [];
      if (stats.size > 2 * MAX_NOTE_FILE_BYTES) return this.#nothing();
      const text = readFileSync(this.#path, 'utf8');
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      const notes = lines.map(parseLine).filter((line) => line !== null);
      this.#bytes = stats.size;
      this.#isBehind = !text.endsWith('\n') || notes.length < lines.length - 1;
      return notes;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : this.#nothing();
    }
  }

  /**
   * Writes one note; `held` gives all of them where the file has to be written anew. Resolves once it is on the disk, with
   * null, or with what went wrong: then the next write tries again, with all of it.
   */
  append(added: Note, held: () => Note[]): Promise<Error | null> {
    return this.#inTurn(async () => {
      const line = `${JSON.stringify(added)}\n`;
      const bytes = Buffer.byteLength(line);
      if (this.#isBehind || this.#bytes + bytes > MAX_NOTE_FILE_BYTES) return this.#writeAnew(held());
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

  #writeAnew(held: readonly Note[]): void {
    const text = held.map((each) => `${JSON.stringify(each)}\n`).join('');
    writeFileAtomically(this.#path, text);
    this.#bytes = Buffer.byteLength(text);
    this.#isBehind = false;
  }

  #nothing(): Note[] {
    this.#isBehind = true;
    return [];
  }
}

function parseLine(line: string): Note | null {
  try {
    return note.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
