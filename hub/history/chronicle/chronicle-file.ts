/**
 * The chronicle on disk: one JSON line per entry, appended. A file that has grown is set aside as `chronicle.1.ndjson` in place of the one
 * before. Its time of change is the hub's last sign of life.
 */
import { renameSync, statSync } from 'node:fs';
import { appendFile, readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChronicleEntry } from '../../../shared/schema/kept-chronicle.ts';

/** Some 35,000 entries: years of a few hosts, months of a large fleet. Two files at most. */
const MAX_CHRONICLE_BYTES = 4 * 1024 * 1024;
/** Lines parsed in one turn of the event loop: a millisecond or two. */
const LINES_PER_TURN = 500;

export class ChronicleFile {
  readonly #file: string;
  readonly #maxBytes: number;
  #bytes: number;
  /** True: a crash may have cut the last line, which has to be ended before the next one. */
  #isTorn: boolean;
  /** When it was last written, by the clock of the file system; null: there is none. */
  readonly lastAlive: number | null;

  constructor(folder: string, maxBytes = MAX_CHRONICLE_BYTES) {
    this.#file = path.join(folder, 'chronicle.ndjson');
    this.#maxBytes = maxBytes;
    const stats = statSync(this.#file, { throwIfNoEntry: false });
    this.#bytes = stats?.isFile() ? stats.size : 0;
    this.#isTorn = this.#bytes > 0;
    this.lastAlive = stats?.isFile() ? Math.floor(stats.mtimeMs) : null;
  }

  /** Throws what the file system throws; what was written before that is then written again, which readers bear. */
  async append(entries: readonly ChronicleEntry[]): Promise<void> {
    if (this.#bytes > this.#maxBytes) this.#setAside();
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const text = this.#isTorn ? `\n${lines}` : lines;
    this.#isTorn = true;
    await appendFile(this.#file, text, { mode: 0o600, flush: true });
    this.#isTorn = false;
    this.#bytes += Buffer.byteLength(text);
  }

  async signLife(now: Date): Promise<void> {
    await utimes(this.#file, now, now);
  }

  /** Both files, oldest first. Lines that are none of ours are left out: a file that cannot be read costs nobody more than itself. */
  async read(): Promise<ChronicleEntry[]> {
    const entries: ChronicleEntry[] = [];
    // Loaded with the first question: a hub that nobody asks pays nothing for it.
    const { chronicleEntry } = await import('../../../shared/schema/kept-chronicle.ts');
    const parsed = (line: string): ChronicleEntry | null => {
      try {
        return chronicleEntry.safeParse(JSON.parse(line)).data ?? null;
      } catch {
        return null;
      }
    };
    for (const file of [this.#older, this.#file]) {
      const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
      for (const [index, line] of lines.entries()) {
        const entry = line === '' ? null : parsed(line);
        if (entry !== null) entries.push(entry);
        if (index % LINES_PER_TURN === LINES_PER_TURN - 1) await nextTurn();
      }
    }
    return entries;
  }

  get #older(): string {
    return this.#file.replace(/\.ndjson$/, '.1.ndjson');
  }

  #setAside(): void {
    renameSync(this.#file, this.#older);
    this.#bytes = 0;
    this.#isTorn = false;
  }
}
