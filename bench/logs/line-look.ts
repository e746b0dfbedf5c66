/** The bench's own look at each line that a tailer tells: whether it came, once, and how late. And what that look costs, which is no tailing. */
import { Buffer } from 'node:buffer';
import {
  LINE_BYTES,
  numberAt,
  numberedLine,
  NUMBER_AT,
  NUMBER_DIGITS,
  STAMP_AT,
  STAMP_DIGITS,
} from './numbered-line.ts';

const LATENCY_STEP_MS = 0.1;
/** A look at the clock for each would cost more than the line. */
const TIMED_EVERY = 16;
/** Lines that a tailer cuts out of one read. */
const LINES_OF_A_READ = Math.floor((64 * 1024) / LINE_BYTES);

export class LineLook {
  lines = 0;
  doubled = 0;
  /** The machine's monotonic clock at the last new line, in milliseconds. */
  lastAtMs = 0;
  readonly #count: number;
  readonly #times: Uint8Array;
  /** Lines by how late they were told, in tenths of a millisecond; the last place holds all that were later. */
  readonly #latencies = new Uint32Array(100_000);
  readonly #onAll: () => void;

  /** Of `count` lines; `onAll` is called when the last of them has come. */
  constructor(count: number, onAll: () => void = () => undefined) {
    this.#count = count;
    this.#times = new Uint8Array(count);
    this.#onAll = onAll;
  }

  /** Numbers of lines that did not come. */
  get missing(): number[] {
    return [...this.#times.keys()].filter((number) => this.#times[number] === 0);
  }

  see(text: string): void {
    const number = numberAt(text, NUMBER_AT, NUMBER_DIGITS);
    if (!(number < this.#count)) return;
    if (this.#times[number]!++ > 0) {
      this.doubled++;
      return;
    }
    this.lines++;
    if (this.lines % TIMED_EVERY === 0 || this.lines === this.#count) this.#time(text);
    if (this.lines === this.#count) this.#onAll();
  }

  /** From the write of a line until it was told, in milliseconds. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(this.lines / TIMED_EVERY) * share;
    let seen = 0;
    const place = this.#latencies.findIndex((number) => (seen += number) >= wanted);
    return (place + 1) * LATENCY_STEP_MS;
  }

  #time(text: string): void {
    this.lastAtMs = Number(process.hrtime.bigint() / 1000n) / 1000;
    const lateMs = this.lastAtMs - numberAt(text, STAMP_AT, STAMP_DIGITS) / 1000;
    const last = this.#latencies.length - 1;
    this.#latencies[Math.max(0, Math.min(last, Math.floor(lateMs / LATENCY_STEP_MS)))]!++;
  }
}

/** Seconds of CPU that looking at `count` lines takes this process, cut out of strings as a tailer cuts them. */
export function cpuSecondsOfLooking(count: number): number {
  const look = new LineLook(count);
  const line = numberedLine();
  let microseconds = 0;
  for (let from = 0; from < count; from += LINES_OF_A_READ) {
    const numbers = Array.from({ length: Math.min(LINES_OF_A_READ, count - from) }, (_, at) => from + at);
    const lines = numbers.map(
      (number) =>
        line.slice(0, NUMBER_AT) +
        String(number).padStart(NUMBER_DIGITS, '0') +
        line.slice(NUMBER_AT + NUMBER_DIGITS),
    );
    const text = Buffer.from(lines.join('')).toString('latin1');
    const slices = numbers.map((_, at) => text.slice(at * LINE_BYTES, (at + 1) * LINE_BYTES - 1));
    const before = process.cpuUsage();
    for (const slice of slices) look.see(slice);
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  return microseconds / 1e6;
}
