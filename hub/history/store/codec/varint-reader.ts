/** Reads what `VarintWriter` wrote, one after the other. What is missing at the end is damage, not zero. */
import { DamagedHistoryError } from '../file/damage.ts';

export class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new DamagedHistoryError('A block of history ends too soon');
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
      unit *= 128;
    }
  }

  nextSigned(): number {
    const zigzag = this.next();
    return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  }

  /** As many as `values` holds. */
  fill(values: Float64Array): void {
    for (let at = 0; at < values.length; at++) values[at] = this.next();
  }

  /** ... and each is the one before it and a difference; the first is counted from 0. */
  fillFromDifferences(values: Float64Array): void {
    let sum = 0;
    for (let at = 0; at < values.length; at++) {
      sum += this.nextSigned();
      values[at] = sum;
    }
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DamagedHistoryError('A block of history ends too soon');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** Doubles whose bytes stand by place, all first bytes first. */
  doubles(length: number): Float64Array<ArrayBuffer> {
    const planes = this.bytes(8 * length);
    const bytes = new Uint8Array(8 * length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = planes[(at % 8) * length + (at >> 3)]!;
    return new Float64Array(bytes.buffer);
  }
}
