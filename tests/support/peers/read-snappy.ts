/** Reads Snappy's block format (github.com/google/snappy, format_description.txt), by none of the code that wrote it. */

export function readSnappy(bytes: Uint8Array): Uint8Array {
  let at = 0;
  const number = (length: number): number => {
    let value = 0;
    for (let byte = 0; byte < length; byte++) value += bytes[at++]! * 2 ** (8 * byte);
    return value;
  };
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const plain = new Uint8Array(length);
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const high = tag >> 2;
    if ((tag & 3) === 0) {
      const size = (high < 60 ? high : number(high - 59)) + 1;
      plain.set(bytes.subarray(at, at + size), end);
      at += size;
      end += size;
      continue;
    }
    const isShort = (tag & 3) === 1;
    const size = isShort ? (high & 7) + 4 : high + 1;
    const offset = isShort ? (high >> 3) * 256 + number(1) : number((tag & 3) === 2 ? 2 : 4);
    if (offset === 0 || offset > end) throw new Error(`A copy from ${offset} bytes back at ${end}`);
    // Byte by byte: a copy may reach into what it writes.
    for (let copied = 0; copied < size; copied++, end++) plain[end] = plain[end - offset]!;
  }
  if (end !== length) throw new Error(`${end} bytes instead of ${length}`);
  return plain;
}
