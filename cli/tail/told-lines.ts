/**
 * The newest lines that were told, by what they say. A hub that was killed reads the last seconds of its own machine's logs again, and
 * gives those lines other ids: they are no news.
 */
import { crc32 } from 'node:zlib';
import { parseCursor } from '../../shared/cursor.ts';
import type { LogLine } from '../../shared/schema/logs.ts';

/** A hub saves how far it has read every two seconds: as many lines as a busy machine writes meanwhile. */
const KEPT_LINES = 10_000;

export class ToldLines {
  /** How often, in which start of the hub; the oldest first. */
  readonly #told = new Map<string, { epoch: string; times: number }>();

  /** False for one that an earlier start of the hub told. It is remembered. */
  isNews(line: LogLine, id: string | null): boolean {
    const epoch = parseCursor(id ?? '')?.epoch;
    if (epoch === undefined) return true;
    const key = `${line.time} ${crc32(line.text)} ${line.host} ${line.source}`;
    const told = this.#told.get(key);
    if (told === undefined || told.epoch === epoch) {
      if (told === undefined) this.#told.set(key, { epoch, times: 1 });
      else told.times++;
      this.#forgetOldest();
      return true;
    }
    if (--told.times === 0) this.#told.delete(key);
    return false;
  }

  forget(): void {
    this.#told.clear();
  }

  #forgetOldest(): void {
    if (this.#told.size <= KEPT_LINES) return;
    this.#told.delete(this.#told.keys().next().value!);
  }
}
