/**
 * What happened over time, on disk: one JSON line each, appended; a line of a known id replaces the one before. A crash leaves at most a
 * torn last line, which is cut; a file that has grown is written anew, whole or not at all.
 */
import { readFileSync, statSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../link/atomic-file.ts';

export interface TimelineFileOptions<Entry> {
  path: string;
  /** Past this the file is written anew, with the newest entries that fit into half of it. */
  maxBytes: number;
  schema: { parse(value: unknown): Entry };
  /** Epoch milliseconds that an entry speaks of, both ends included. `to` of Infinity: it goes on. */
  spanOf: (entry: Entry) => { from: number; to: number };
  /** False: it is left out when the file is written anew. */
  isKept: (entry: Entry) => boolean;
  /** Whose it is: of several, none fills the file alone when it is written anew. Left out: nobody's. */
  ownerOf?: (entry: Entry) => string;
  /** True where a line can be seen to be outside of a stretch of time without parsing it. */
  isOutside?: (line: string, from: number, to: number) => boolean;
}

/** A disk that cannot be written is tried this often at most: each try writes all there is. */
const RETRY_MS = 1_000;
/** What goes on is kept whatever it takes; of the rest one of several owners gets this share of the room. */
const SHARE_OF_ONE = 0.25;

export class TimelineFile<Entry extends { id: string }> {
  readonly #options: TimelineFileOptions<Entry>;
  #bytes = 0;
  /** True while the disk lacks something the hub holds, or holds something to be cut. */
  #isBehind = false;
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** Of the newest try to write it anew; and when that was, by the monotonic clock. */
  #failed: { error: Error; at: number } | null = null;

  constructor(options: TimelineFileOptions<Entry>) {
    this.#options = options;
  }

  /**
   * Every entry that speaks of `since` or later. A file that is missing, damaged or none of ours holds nothing and stops nobody.
   */
  read(since = -Infinity): Entry[] {
    const { path, maxBytes } = this.#options;
    try {
      const stats = statSync(path);
      if (!stats.isFile()) return [];
      if (stats.size > 2 * maxBytes) return this.#nothing();
      const { entries, isDamaged } = this.#parse(readFileSync(path, 'utf8'), since, Infinity);
      this.#bytes = stats.size;
      this.#isBehind = isDamaged;
      return entries;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : this.#nothing();
    }
  }

  /** As `read`, of a stretch with both ends included, without holding up whoever else is served. */
  async readBetween(from: number, to: number): Promise<Entry[]> {
    await this.#lastWrite;
    try {
      return this.#parse(await readFile(this.#options.path, 'utf8'), from, to).entries;
    } catch {
      return [];
    }
  }

  /**
   * Writes one entry; `held` gives those of which the disk may lack some. Resolves once it is on the disk, with null, or with what went
   * wrong: then the next write tries again, with all of them.
   */
  append(added: Entry, held: () => Entry[]): Promise<Error | null> {
    const { path, maxBytes } = this.#options;
    return this.#inTurn(async () => {
      if (this.#failed !== null && performance.now() - this.#failed.at < RETRY_MS) throw this.#failed.error;
      const line = `${JSON.stringify(added)}\n`;
      const bytes = Buffer.byteLength(line);
      if (this.#isBehind || this.#bytes + bytes > maxBytes) return this.#writeAnew([...held(), added]);
      await appendFile(path, line, { mode: 0o600, flush: true });
      this.#bytes += bytes;
    });
  }

  /** A last try for what a write before could not do. */
  catchUp(held: () => Entry[]): Promise<Error | null> {
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

  #writeAnew(held: readonly Entry[]): void {
    try {
      const text = this.#textOf(held);
      writeFileAtomically(this.#options.path, text);
      this.#bytes = Buffer.byteLength(text);
      this.#isBehind = false;
      this.#failed = null;
    } catch (error) {
      this.#failed = { error: error as Error, at: performance.now() };
      throw error;
    }
  }

  /** What stands in the file and what is held, without what was withdrawn or replaced, is too old or has no room. */
  #textOf(held: readonly Entry[]): string {
    const { maxBytes, isKept, ownerOf, spanOf } = this.#options;
    const byId = new Map<string, Entry>();
    for (const each of [...this.#readAgain(), ...held]) {
      byId.delete(each.id);
      byId.set(each.id, each);
    }
    const lines: string[] = [];
    const newestFirst = [...byId.values()].filter(isKept).sort((a, b) => ageOrder(spanOf(a), spanOf(b)));
    const owners = new Map(newestFirst.map((each) => [ownerOf?.(each), 0]));
    const mostOfOne = (maxBytes / 2) * (owners.size > 1 ? SHARE_OF_ONE : 1);
    let total = 0;
    for (const each of newestFirst) {
      const line = `${JSON.stringify(each)}\n`;
      const bytes = Buffer.byteLength(line);
      // What goes on comes first, and is kept whatever it takes.
      if (spanOf(each).to !== Infinity) {
        const owner = ownerOf?.(each);
        const ofOwner = owners.get(owner)! + bytes;
        if (total + bytes > maxBytes / 2) break;
        if (ofOwner > mostOfOne) continue;
        owners.set(owner, ofOwner);
      }
      total += bytes;
      lines.push(line);
    }
    return lines.reverse().join('');
  }

  /** As far as it can be read: what cannot is lost, and the rest goes on. */
  #readAgain(): Entry[] {
    const before = this.#bytes;
    const entries = this.read();
    this.#bytes = before;
    return entries;
  }

  #nothing(): Entry[] {
    this.#isBehind = true;
    return [];
  }

  /** The newest of each id, if it is of the stretch. `isDamaged`: there is something that is no entry. */
  #parse(text: string, from: number, to: number): { entries: Entry[]; isDamaged: boolean } {
    const { isOutside, schema, spanOf } = this.#options;
    const byId = new Map<string, Entry>();
    let isDamaged = text !== '' && !text.endsWith('\n');
    for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
      if (line === '' || isOutside?.(line, from, to) === true) continue;
      try {
        const raw = JSON.parse(line) as Entry;
        const span = spanOf(raw);
        // Only what is asked for is checked in full, which takes ten times as long.
        const entry = span.to < from || span.from > to ? null : schema.parse(raw);
        byId.delete(raw.id);
        if (entry !== null) byId.set(raw.id, entry);
      } catch {
        isDamaged = true;
      }
    }
    return { entries: [...byId.values()], isDamaged };
  }
}

/** What goes on comes first, then what ended last. */
function ageOrder(a: { from: number; to: number }, b: { from: number; to: number }): number {
  return a.to === b.to ? b.from - a.from : b.to - a.to;
}
