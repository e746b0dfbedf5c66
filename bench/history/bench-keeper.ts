/** The store's own way to the disk, driven by a clock of the bench: an hour passes as fast as the machine can write it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nextName } from '../../hub/archive/archive-folder.ts';
import { HistoryKeeper } from '../../hub/history/store/file/keeper.ts';
import { defaultLadder } from '../../hub/history/store/ladder.ts';
import { Recorder } from '../../hub/history/store/tape/recorder.ts';

/** As in the store. */
const TAPE_BYTES = 8 * 1024 * 1024;

export class BenchKeeper {
  readonly recorder = new Recorder((record) => this.#take(record));
  readonly #folder: string;
  #waiting: Buffer[] = [];
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** What came is brought in where it fills a tape, or where `isOver`: a span is. `now` in epoch milliseconds. Answers whether it was. */
  keep(now: number, isOver = false): boolean {
    if (this.#bytes < TAPE_BYTES && !isOver) return false;
    const tape = Buffer.concat(this.#waiting);
    this.#waiting = [this.recorder.head()];
    this.#bytes = 0;
    if (tape.length > 0) writeFileSync(path.join(this.#folder, nextName(this.#folder, 'tape')), tape);
    using keeper = new HistoryKeeper(
      { folder: this.#folder, ladder: defaultLadder, maxBytes: 64 * 1024 ** 3, onDamaged: raise },
      now,
    );
    keeper.keep(null, now);
    return true;
  }

  #take(record: Buffer): void {
    this.#waiting.push(record);
    this.#bytes += record.length;
  }
}

function raise(what: string): never {
  throw new Error(what);
}
