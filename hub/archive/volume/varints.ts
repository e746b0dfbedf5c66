/** Whole numbers in as few bytes as they need: seven bits a byte, lowest first, as in LEB128; signed ones in zigzag. */

export class VarintWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  /** Safe integers from 0. */
  put(value: number): void {
    if (this.#length + 8 > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Up to half as large as what `put` takes. */
  putSigned(value: number): void {
    this.put(value < 0 ? -2 * value - 1 : 2 * value);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** As `put` wrote them. What is missing is 0. */
export function decodePlain(bytes: Uint8Array, count: number): Float64Array {
  const values = new Float64Array(count);
  let next = 0;
  let value = 0;
  let unit = 1;
  for (let at = 0; at < bytes.length && next < count; at++) {
    const byte = bytes[at]!;
    if (byte < 128) {
      values[next++] = value + byte * unit;
      value = 0;
      unit = 1;
    } else {
      value += (byte - 128) * unit;
      unit *= 128;
    }
  }
  return values;
}

/** Of distances, as `putSigned` wrote them, the values themselves, counted from 0. */
export function decodeDeltas(bytes: Uint8Array, count: number): Float64Array {
  const values = decodePlain(bytes, count);
  let sum = 0;
  for (let at = 0; at < count; at++) {
    const zigzag = values[at]!;
    sum += zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    values[at] = sum;
  }
  return values;
}
