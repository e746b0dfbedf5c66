/**
 * A block: about a thousand lines, packed by columns and compressed. Its head alone says when each line was, of which level, host and
 * source; texts and fields are unpacked where a filter asks for them. docs/architecture.md, "The log archive", says why.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { plainText } from '../../shared/ansi-text.ts';
import { formatCursor } from '../../shared/cursor.ts';
import { logLevels, type LogLevel } from '../../shared/log-level.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { ArchivedEntry } from './archived.ts';
import { DamagedVolumeError } from './damage.ts';
import { VarintReader, VarintWriter } from './varints.ts';

/** A block is closed at so many lines, or so much text (UTF-16 units). */
export const BLOCK_LINES = 1_024;
export const BLOCK_TEXT = 192 * 1024;

/** What unpacking may make of one blob: lines are 64 KiB at most, and a block takes one past its limit. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/** Where a line comes from: host, source, epoch. */
type Origin = readonly [host: string, source: string, epoch: string];

export interface PackedBlock {
  head: Buffer;
  texts: Buffer;
  /** Null: no line has any. */
  fields: Buffer | null;
}

interface HeadStart {
  origins: Origin[];
  /** How the texts are written: UTF-16 where one has halves of characters, which UTF-8 cannot hold. */
  encoding: 'utf8' | 'utf16le';
  /** True: some text has terminal styles. */
  isStyled: boolean;
}

/** The columns of a head, one entry per line. */
export interface Head extends HeadStart {
  count: number;
  times: Float64Array;
  /** Index into `origins`. */
  originOf: Uint16Array;
  /** `levelRank` and one: 0 is unknown. */
  levels: Uint8Array;
  flags: Uint8Array;
  sequences: Float64Array;
  /** Where each text begins in the texts joined, in UTF-16 units; one more for the end. */
  offsets: Uint32Array;
}

const TRUNCATED = 1;
const LATE = 2;

const levelCode = new Map<LogLevel | null, number>([
  [null, 0],
  ...logLevels.map((level, rank) => [level, rank + 1] as const),
]);

/** 0 for unknown, else `levelRank` and one. */
export function codeOfLevel(level: LogLevel | null): number {
  return levelCode.get(level)!;
}

export function levelOfCode(code: number): LogLevel | null {
  return logLevels[code - 1] ?? null;
}

export function packBlock(entries: readonly ArchivedEntry[]): PackedBlock {
  const texts = entries.map(({ line }) => line.text).join('');
  const encoding = texts.isWellFormed() ? 'utf8' : 'utf16le';
  const textBytes = Buffer.from(texts, encoding);
  return {
    head: packHead(entries, { encoding, isStyled: plainText(texts) !== texts }),
    texts: compress(textBytes),
    fields: packFields(entries, textBytes),
  };
}

function packHead(
  entries: readonly ArchivedEntry[],
  { encoding, isStyled }: Pick<HeadStart, 'encoding' | 'isStyled'>,
): Buffer {
  const origins = new Map<string, { at: number; origin: Origin }>();
  const originOf = entries.map(({ epoch, line }) => {
    const origin: Origin = [line.host, line.source, epoch];
    const key = JSON.stringify(origin);
    let known = origins.get(key);
    if (known === undefined) origins.set(key, (known = { at: origins.size, origin }));
    return known.at;
  });
  const start: HeadStart = {
    origins: Array.from(origins.values(), ({ origin }) => origin),
    encoding,
    isStyled,
  };
  const startBytes = Buffer.from(JSON.stringify(start));
  const out = new VarintWriter();
  out.put(startBytes.length);
  out.put(entries.length);
  let time = 0;
  for (const { line } of entries) {
    out.putSigned(line.time - time);
    time = line.time;
  }
  for (const at of originOf) out.put(at);
  for (const { line } of entries) out.put(codeOfLevel(line.level));
  for (const { line } of entries) out.put((line.truncated ? TRUNCATED : 0) | (line.late ? LATE : 0));
  let before = 0;
  for (const { sequence } of entries) {
    out.putSigned(sequence - before);
    before = sequence;
  }
  for (const { line } of entries) out.put(line.text.length);
  // The start goes last: where it ends nobody needs to know.
  return compress(Buffer.concat([out.bytes, startBytes]));
}

/** A field mostly stands in the text as well: the texts are the dictionary, so it takes a few bytes. */
function packFields(entries: readonly ArchivedEntry[], textBytes: Buffer): Buffer | null {
  if (!entries.some(({ line }) => line.fields !== undefined)) return null;
  const lines = entries.map(({ line }) => (line.fields === undefined ? '' : JSON.stringify(line.fields)));
  return compress(Buffer.from(lines.join('\n')), textBytes);
}

/** Throws a `DamagedVolumeError` where the bytes are none that `packBlock` made, as the two below do. */
export function unpackHead(packed: Uint8Array): Head {
  const bytes = decompress(packed);
  const reader = new VarintReader(bytes);
  const startLength = reader.take();
  const count = reader.take();
  if (!(count > 0 && count <= BLOCK_LINES)) throw damaged();
  const start = startOf(bytes.subarray(bytes.length - startLength));
  const times = new Float64Array(count);
  let time = 0;
  for (let at = 0; at < count; at++) times[at] = time += reader.takeSigned();
  const originOf = new Uint16Array(count);
  for (let at = 0; at < count; at++) originOf[at] = reader.take();
  const levels = new Uint8Array(count);
  for (let at = 0; at < count; at++) levels[at] = reader.take();
  const flags = new Uint8Array(count);
  for (let at = 0; at < count; at++) flags[at] = reader.take();
  const sequences = new Float64Array(count);
  let sequence = 0;
  for (let at = 0; at < count; at++) sequences[at] = sequence += reader.takeSigned();
  const offsets = new Uint32Array(count + 1);
  for (let at = 0; at < count; at++) offsets[at + 1] = offsets[at]! + reader.take();
  return { ...start, count, times, originOf, levels, flags, sequences, offsets };
}

function startOf(bytes: Buffer): HeadStart {
  try {
    return JSON.parse(bytes.toString()) as HeadStart;
  } catch (cause) {
    throw damaged(cause);
  }
}

export interface Texts {
  bytes: Buffer;
  joined: string;
}

export function unpackTexts(head: Head, packed: Uint8Array): Texts {
  const bytes = decompress(packed);
  const joined = bytes.toString(head.encoding);
  if (joined.length !== head.offsets[head.count]) throw damaged();
  return { bytes, joined };
}

export type FieldsOf = (at: number) => LogLine['fields'];

/** `texts` are those of the same block. */
export function unpackFields(packed: Uint8Array, texts: Texts): FieldsOf {
  const lines = decompress(packed, texts.bytes).toString().split('\n');
  return (at) => {
    const text = lines[at];
    return text === undefined || text === '' ? undefined : (JSON.parse(text) as LogLine['fields']);
  };
}

/** The line at one place, with the text and fields that are handed in. */
export function lineAt(head: Head, at: number, text: string, fields: LogLine['fields']): LogLine {
  const [host, source] = head.origins[head.originOf[at]!]!;
  const flags = head.flags[at]!;
  return {
    host,
    time: head.times[at]!,
    level: levelOfCode(head.levels[at]!),
    source,
    text,
    ...(fields !== undefined && { fields }),
    ...((flags & TRUNCATED) !== 0 && { truncated: true as const }),
    ...((flags & LATE) !== 0 && { late: true as const }),
  };
}

export function idAt(head: Head, at: number): string {
  return formatCursor(head.origins[head.originOf[at]!]![2], head.sequences[at]!);
}

export function textAt({ offsets }: Head, { joined }: Texts, at: number): string {
  return joined.slice(offsets[at], offsets[at + 1]);
}

function compress(bytes: Buffer, dictionary?: Buffer): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: 3 };
  return zstdCompressSync(bytes, { params, ...(dictionary?.length && { dictionary }) });
}

function decompress(bytes: Uint8Array, dictionary?: Buffer): Buffer {
  try {
    return zstdDecompressSync(bytes, {
      maxOutputLength: MAX_UNPACKED,
      ...(dictionary?.length && { dictionary }),
    });
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): DamagedVolumeError {
  return new DamagedVolumeError('A block of log lines is damaged', cause);
}
