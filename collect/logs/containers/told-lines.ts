/**
 * The lines that a container's log told of late, so that it can be read once more without telling one twice: an engine may end the stream
 * of a container that has ended before all of its log was sent. Podman leaves out lines in the middle, too.
 */
import { crc32 } from 'node:zlib';

/** Kept at most, or up to twice as many. */
const MAX_LINES = 20_000;

export class ToldLines {
  /** Of each line, oldest first: its second since 1970, and its sum. Those of the newest second that had lines, and of the one before. */
  #seconds: number[] = [];
  #sums: number[] = [];
  #newest = 0;
  /** The log may have lines of the oldest second before the oldest that is known. */
  #isCut: boolean;

  /** @param isCut reading began somewhere in the log */
  constructor(isCut: boolean) {
    this.#isCut = isCut;
  }

  /** The log is to be read again from this second since 1970; null: none was told. */
  get since(): number | null {
    return this.#seconds[0] ?? null;
  }

  /** @param ms epoch milliseconds that the engine gave the line */
  add(ms: number, line: string): void {
    const second = Math.floor(ms / 1000);
    if (second > this.#newest) {
      const older = this.#seconds.findIndex((each) => each >= this.#newest);
      if (older > 0) this.#letGo(older, false);
      this.#newest = second;
    }
    this.#seconds.push(second);
    this.#sums.push(crc32(line));
    if (this.#sums.length > 2 * MAX_LINES) this.#letGo(MAX_LINES, true);
  }

  /** Given all lines from `since` on in their order, answers for each whether it was not told. */
  untold(): (line: string) => boolean {
    const [first] = this.#sums;
    let isBefore = this.#isCut && first !== undefined;
    const left = new Map<number, number>();
    for (const sum of this.#sums) left.set(sum, (left.get(sum) ?? 0) + 1);
    return (line) => {
      const sum = crc32(line);
      isBefore &&= sum !== first;
      if (isBefore) return false;
      const times = left.get(sum) ?? 0;
      if (times > 0) left.set(sum, times - 1);
      return times === 0;
    };
  }

  #letGo(count: number, isCut: boolean): void {
    this.#seconds = this.#seconds.slice(count);
    this.#sums = this.#sums.slice(count);
    this.#isCut = isCut;
  }
}
