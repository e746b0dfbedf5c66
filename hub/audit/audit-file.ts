/**
 * The audit log on disk: one JSON line per entry, appended; a line of a known id replaces the one before. A file that has grown is set
 * aside as `audit.1.ndjson`, which pushes the older ones on: four are kept. Nothing is ever changed in them.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { auditEntry, type AuditEntry } from '../../shared/schema/audit.ts';

const MAX_AUDIT_FILE_BYTES = 4 * 1024 * 1024;
const KEPT_FILES = 4;
/** Longer than any entry: the end of a file holds a whole one. */
const TAIL_BYTES = 64 * 1024;

export class AuditFile {
  readonly #folder: string;
  readonly #maxBytes: number;
  #bytes: number;
  /** True: a crash cut the last line, which has to be ended before the next one. */
  #isTorn: boolean;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(folder: string, maxBytes = MAX_AUDIT_FILE_BYTES) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    const { bytes, text } = endOf(this.#path(0));
    this.#bytes = bytes;
    this.#isTorn = text !== '' && !text.endsWith('\n');
  }

  /** The id of the newest entry; 0: there is none. */
  newestId(): number {
    for (let place = 0; place < KEPT_FILES; place++) {
      const id = Math.max(0, ...linesOf(endOf(this.#path(place)).text).map(({ id }) => id));
      if (id > 0) return id;
    }
    return 0;
  }

  /** Resolves once it is on the disk, with null, or with what went wrong. One after the other, in the order they were asked for. */
  append(entry: AuditEntry): Promise<Error | null> {
    const line = `${JSON.stringify(entry)}\n`;
    const done = this.#lastWrite
      .then(() => this.#write(line))
      .then(
        () => null,
        (error: unknown) => error as Error,
      );
    this.#lastWrite = done;
    return done;
  }

  /** Resolves when all that was asked for before has been tried. */
  async settled(): Promise<void> {
    await this.#lastWrite;
  }

  /** The newest `limit` entries of an id below `before`, newest first. Whole lines alone: a torn one is left out. */
  async read(before: number, limit: number): Promise<AuditEntry[]> {
    await this.settled();
    const found = new Map<number, AuditEntry>();
    for (let place = 0; place < KEPT_FILES && found.size < limit; place++) {
      const text = await readFile(this.#path(place), 'utf8').catch(() => '');
      // The last line of an id is the one that counts: read from the end, it comes first.
      for (const entry of linesOf(text).reverse()) {
        if (entry.id < before && !found.has(entry.id)) found.set(entry.id, entry);
      }
    }
    return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  }

  async #write(line: string): Promise<void> {
    const bytes = Buffer.byteLength(line);
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#rotate();
    await appendFile(this.#path(0), this.#isTorn ? `\n${line}` : line, { mode: 0o600, flush: true });
    this.#isTorn = false;
    this.#bytes += bytes;
  }

  #rotate(): void {
    for (let place = KEPT_FILES - 2; place >= 0; place--) {
      if (existsSync(this.#path(place))) renameSync(this.#path(place), this.#path(place + 1));
    }
    this.#bytes = 0;
    this.#isTorn = false;
  }

  #path(place: number): string {
    return path.join(this.#folder, place === 0 ? 'audit.ndjson' : `audit.${place}.ndjson`);
  }
}

function linesOf(text: string): AuditEntry[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      return auditEntry.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });
}

/** Nothing where there is no such file, or none that can be read: the log goes on, and writing it tells what is wrong. */
function endOf(file: string): { bytes: number; text: string } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return { bytes: 0, text: '' };
  }
  try {
    const { size: bytes } = fstatSync(handle);
    const tail = Buffer.alloc(Math.min(bytes, TAIL_BYTES));
    readSync(handle, tail, 0, tail.length, bytes - tail.length);
    return { bytes, text: tail.toString('utf8') };
  } catch {
    return { bytes: 0, text: '' };
  } finally {
    closeSync(handle);
  }
}
