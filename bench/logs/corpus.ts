/** Log lines as four kinds of programs write them, made up, the same with every run: about 115 bytes a line. */
import type { LogLevel } from '../../shared/log-level.ts';
import type { LogFieldValue, LogLine } from '../../shared/schema/logs.ts';

const words =
  'connection refused timeout request completed user session cache miss hit worker started stopped flush queue retry upstream database query slow memory pressure disk write read open close handshake certificate expired token invalid accepted rejected payment order shipped invoice created updated deleted'.split(
    ' ',
  );
const levels: readonly LogLevel[] = ['debug', 'info', 'info', 'info', 'info', 'info', 'warn', 'error'];
const hosts = ['web-1', 'web-2', 'db-1'];

/** Every so many lines one says this, which no other does. */
export const RARE_EVERY = 250_000;
export const RARE_TEXT = 'quorum lost';

export class Corpus {
  #seed = 0x2545f491;

  /** `time` in epoch milliseconds. */
  line(index: number, time: number): LogLine {
    const host = hosts[index % hosts.length]!;
    const level = this.#pick(levels);
    const { source, text, fields } = this.#said(index, time, level);
    return { host, time, level, source, text, ...(fields && { fields }) };
  }

  #said(
    index: number,
    time: number,
    level: LogLevel,
  ): { source: string; text: string; fields?: Record<string, LogFieldValue> } {
    const stamp = new Date(time).toISOString();
    if (index % RARE_EVERY === RARE_EVERY / 2)
      return { source: 'consensus', text: `${stamp} ERROR ${RARE_TEXT}, term ${index}, by ${this.#hex(12)}` };
    switch (index % 4) {
      case 0:
        return {
          source: 'worker',
          text: `${stamp} ${level.toUpperCase()} [worker-${this.#below(32)}] ${this.#words(3)} id=${this.#hex(12)} took ${this.#below(5_000)}ms for user ${this.#below(100_000)}`,
        };
      case 1:
        return {
          source: 'nginx/access.log',
          text: `10.${this.#below(256)}.${this.#below(256)}.${this.#below(256)} - - [${stamp}] "GET /api/v1/${this.#words(1)}/${this.#below(100_000)} HTTP/1.1" ${this.#pick([200, 200, 200, 404, 500])} ${this.#below(50_000)} "-" "curl/8.1"`,
        };
      case 2: {
        const fields = {
          msg: this.#words(2),
          trace: this.#hex(16),
          ms: this.#below(900),
          status: this.#pick([200, 500]),
        };
        return { source: 'api', text: JSON.stringify({ time: stamp, level, ...fields }), fields };
      }
      default:
        return {
          source: 'kernel',
          text: `${stamp} kernel: [${(index / 1_000).toFixed(6)}] ${this.#words(2)} on eth${index % 8}: ${this.#words(1)} seq ${index} ${this.#hex(8)}`,
        };
    }
  }

  #words(count: number): string {
    return Array.from({ length: count }, () => this.#pick(words)).join(' ');
  }

  #hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.#below(65_536).toString(16).padStart(4, '0');
    return text.slice(0, digits);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)]!;
  }

  /** xorshift32 (Marsaglia, 2003): spread well enough, and fast. */
  #below(bound: number): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return (this.#seed >>> 0) % bound;
  }
}
