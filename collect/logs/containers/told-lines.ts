/**
 * The lines that a container's log told of late, so that none is told twice. An engine may end the stream of a container that has ended
 * before all of its log was sent, so that it is read once more; Podman leaves out lines in the middle, too. Docker's stream goes back a
 * little when it rotates the log (seen with 20.10).
 */
import { crc32 } from 'node:zlib';
import type { Output } from './log-frames.ts';
import { isWholeSecond, type LogMoment } from './log-moment.ts';

/** Kept at most, or up to twice as many. */
const MAX_LINES = 20_000;

export class ToldLines {
  /** Of each line, oldest first: its second since 1970, and its sum. Those of the newest second that had lines, and of the one before. */
  #seconds: number[] = [];
  #sums: number[] = [];
  #newest = 0;
  /** As of `LogMoment.seconds`. */
  readonly #newestOf = new Map<Output, string>();
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

  /** @param line with its moment. Answers false for one that the stream has told already. */
  add(output: Output, moment: LogMoment, line: string): boolean {
    if (this.#goesBack(output, moment, line)) return false;
    const second = Math.floor(moment.ms / 1000);
    if (second > this.#newest) {
      const older = this.#seconds.findIndex((each) => each >= this.#newest);
      if (older > 0) this.#letGo(older, false);
      this.#newest = second;
    }
    this.#seconds.push(second);
    this.#sums.push(crc32(line));
    if (this.#sums.length > 2 * MAX_LINES) this.#letGo(MAX_LINES, true);
    return true;
  }

  /** Given all lines from `since` on in their order, answers for each whether it was not told by now. */
  untold(): (line: string, moment: LogMoment | null) => boolean {
    const [first] = this.#sums;
    const newest = this.#newest;
    let isBefore = this.#isCut && first !== undefined;
    const left = new Map<number, number>();
    for (const sum of this.#sums) left.set(sum, (left.get(sum) ?? 0) + 1);
    return (line, moment) => {
      // Where the log was rotated meanwhile, the oldest that is known may be gone.
      if (moment !== null && Math.floor(moment.ms / 1000) > newest) return true;
      const sum = crc32(line);
      isBefore &&= sum !== first;
      if (isBefore) return false;
      const times = left.get(sum) ?? 0;
      if (times > 0) left.set(sum, times - 1);
      return times === 0;
    };
  }

  /** Each output is in order, so that only what is sent again is older; of moments in whole seconds nobody can say. */
  #goesBack(output: Output, moment: LogMoment, line: string): boolean {
    const { seconds, ms } = moment;
    const newest = this.#newestOf.get(output);
    if (newest === undefined || seconds > newest) this.#newestOf.set(output, seconds);
    if (newest === undefined || seconds > newest || isWholeSecond(moment)) return false;
    return Math.floor(ms / 1000) < (this.since ?? 0) || this.#sums.includes(crc32(line));
  }

  #letGo(count: number, isCut: boolean): void {
    this.#seconds = this.#seconds.slice(count);
    this.#sums = this.#sums.slice(count);
    this.#isCut = isCut;
  }
}
