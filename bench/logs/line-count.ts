/** Counts in the bytes of a stream what came of numbered lines, without a parser: a reader is to cost less than the hub it reads. */
import { NUMBER_DIGITS } from './numbered-line.ts';

const number = new RegExp(`number=(\\d{${NUMBER_DIGITS}}) `, 'g');
const gap = /event: gap\ndata: (\{[^\n]*\})\n/g;
/** No event that is counted is longer. */
const LONGEST = 1_024;

export class LineCount {
  /** Lines that came, and lines that gaps count. */
  lines = 0;
  left = 0;
  /** Streams that ended before they were to. */
  cuts = 0;
  /** Of the newest event. */
  newestId = '';
  /** The file's state has come. */
  isFollowing = false;
  #rest = '';
  #newest = -1;

  /** A stream begins: what the one before left torn comes again. */
  begin(): void {
    this.#rest = '';
  }

  take(bytes: Buffer): void {
    const text = this.#rest + bytes.toString('latin1');
    const end = text.lastIndexOf('\n\n') + 2;
    this.#rest = end < 2 ? text : text.slice(end);
    if (this.#rest.length > 64 * LONGEST) throw new Error('An event does not end.');
    const whole = text.slice(0, end);
    this.newestId = /^id: (.*)$/m.exec(whole.slice(whole.lastIndexOf('id: ')))?.[1] ?? this.newestId;
    if (whole.includes('event: reset\n')) throw new Error('The hub could not take the stream up again.');
    this.isFollowing ||= whole.includes('"state":"following"');
    for (const [, digits] of whole.matchAll(number)) {
      const value = Number(digits);
      if (value <= this.#newest) throw new Error(`Line ${value} came after line ${this.#newest}.`);
      this.#newest = value;
      this.lines++;
    }
    for (const [, data] of whole.matchAll(gap)) {
      const { channel, count } = JSON.parse(data!) as { channel: string; count: number | null };
      if (channel === 'logs') this.left += count ?? 0;
    }
  }
}
