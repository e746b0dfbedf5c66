/** DER (ITU-T X.690), as much of it as a certificate is written in. */

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One value: its tag, its length, and its contents one after the other. */
export function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

export function sequence(...contents: Uint8Array[]): Buffer {
  return der(tags.sequence, ...contents);
}

/** "2.5.29.17". Parts are written in groups of 7 bits, highest first. */
export function objectId(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  return der(tags.objectId, Buffer.from([first! * 40 + second!, ...rest.flatMap(base128)]));
}

/** Of a positive number in big-endian bytes. */
export function positiveInteger(bytes: Uint8Array): Buffer {
  // A first bit that is set would make it negative.
  return der(tags.integer, bytes[0]! >= 0x80 ? Buffer.from([0, ...bytes]) : bytes);
}

/** With a context-specific tag, around another value (`constructed`) or in its place. */
export function tagged(number: number, kind: 'constructed' | 'primitive', content: Uint8Array): Buffer {
  return der(0x80 | (kind === 'constructed' ? 0x20 : 0) | number, content);
}

/** RFC 5280, 4.1.2.5: two digits of the year up to 2049, four from then on; to the second. */
export function validityTime(time: Date): Buffer {
  const text = time.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  if (time.getUTCFullYear() >= 2050) return der(tags.generalizedTime, Buffer.from(text));
  return der(tags.utcTime, Buffer.from(text.slice(2)));
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function base128(part: number): number[] {
  const groups = [part & 0x7f];
  for (let rest = part >>> 7; rest > 0; rest >>>= 7) groups.unshift(0x80 | (rest & 0x7f));
  return groups;
}
