/**
 * How a record lies in a segment: 16 bytes of header, then the payload. All numbers are little-endian.
 *
 * | Bytes | What |
 * | 0-1   | marker 9E 57: where to take up reading again after damage; 9E begins no UTF-8 character |
 * | 2     | 1: record, 2: head |
 * | 3     | 0 |
 * | 4-7   | CRC-32 (zlib's) of all that follows, begun with the kind |
 * | 8-11  | the record's number, its low 32 bits |
 * | 12-15 | length of the payload |
 */
import { crc32 } from 'node:zlib';

export const RECORD_HEADER_BYTES = 16;
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

const marker = Buffer.from([0x9e, 0x57]);
const RECORD = 1;
const HEAD = 2;

export interface FramedRecord {
  number: number;
  payload: Buffer;
  isHead: boolean;
}

/** Writes header and payload at `offset`; there must be room for them. Answers the offset behind. */
export function frameRecord(
  target: Buffer,
  offset: number,
  number: number,
  payload: Buffer,
  isHead: boolean,
): number {
  const kind = isHead ? HEAD : RECORD;
  target[offset] = marker[0]!;
  target[offset + 1] = marker[1]!;
  target[offset + 2] = kind;
  target[offset + 3] = 0;
  writeWord(target, offset + 8, number);
  writeWord(target, offset + 12, payload.length);
  target.set(payload, offset + RECORD_HEADER_BYTES);
  const end = offset + RECORD_HEADER_BYTES + payload.length;
  writeWord(target, offset + 4, checksum(target, offset, end, kind));
  return end;
}

/**
 * The record that begins at `offset`. `short`: there may be one, but the buffer ends before it does. `null`: there is none.
 * `least` is the smallest number it may have; its high bits are taken from there.
 */
export function recordAt(buffer: Buffer, offset: number, least: number): FramedRecord | 'short' | null {
  const left = buffer.length - offset;
  if (left < RECORD_HEADER_BYTES)
    return buffer.subarray(offset, offset + 2).equals(marker.subarray(0, left)) ? 'short' : null;
  const kind = buffer[offset + 2];
  const isFramed =
    buffer[offset] === marker[0] && buffer[offset + 1] === marker[1] && buffer[offset + 3] === 0;
  if (!isFramed || (kind !== RECORD && kind !== HEAD)) return null;
  const length = buffer.readUInt32LE(offset + 12);
  if (length > MAX_PAYLOAD_BYTES) return null;
  const end = offset + RECORD_HEADER_BYTES + length;
  if (end > buffer.length) return 'short';
  if (buffer.readUInt32LE(offset + 4) !== checksum(buffer, offset, end, kind)) return null;
  const ahead = (buffer.readUInt32LE(offset + 8) - (least % 2 ** 32) + 2 ** 32) % 2 ** 32;
  return {
    number: least + ahead,
    payload: buffer.subarray(offset + RECORD_HEADER_BYTES, end),
    isHead: kind === HEAD,
  };
}

/** The next place after `offset` where a whole record begins; null: none in this buffer. */
export function nextRecordAfter(buffer: Buffer, offset: number, least: number): number | null {
  for (let at = buffer.indexOf(marker, offset + 1); at !== -1; at = buffer.indexOf(marker, at + 1)) {
    const found = recordAt(buffer, at, least);
    if (found !== null && found !== 'short') return at;
  }
  return null;
}

function checksum(buffer: Buffer, offset: number, end: number, kind: number): number {
  return crc32(buffer.subarray(offset + 8, end), kind);
}

/** The low 32 bits. By bytes: an agent does this a hundred times a second in V8's interpreter, where Node's own is slow. */
function writeWord(target: Buffer, offset: number, value: number): void {
  target[offset] = value;
  target[offset + 1] = value >>> 8;
  target[offset + 2] = value >>> 16;
  target[offset + 3] = value >>> 24;
}
