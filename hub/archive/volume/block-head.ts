/**
 * The head of a block: of each line the time, level, host and source, its id, where its text is, and which words are in which lines. It is
 * not compressed: that would save a tenth of all room, and take more time than all else when lines are counted.
 */
import { formatCursor } from '../../../shared/cursor.ts';
import { logLevels, type LogLevel } from '../../../shared/log-level.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import type { ArchivedEntry } from '../archived.ts';
import { BlockWords, packWords } from './block-words.ts';
import { decodeDeltas, decodePlain, VarintWriter } from './varints.ts';
import { damagedBlock } from './zstd.ts';

/** A block has so many lines at most. */
export const BLOCK_LINES = 1_024;

/** Where a line comes from: host, source, epoch. */
type Origin = readonly [host: string, source: string, epoch: string];

/** What is written as JSON. */
interface HeadStart {
  origins: Origin[];
  /** How the texts are written: UTF-16 where one has halves of characters, which UTF-8 cannot hold. */
  encoding: 'utf8' | 'utf16le';
  /** True: some text has terminal styles. */
  isStyled: boolean;
}

const TRUNCATED = 1;
const LATE = 2;
/** Number of lines, and lengths of the start and the eight columns: 32 bits each. */
const LENGTHS = 10;

const levelCodes = new Map<LogLevel | null, number>([
  [null, 0],
  ...logLevels.map((level, rank) => [level, rank + 1] as const),
]);

/** 0 for unknown, else `levelRank` and one. */
export function codeOfLevel(level: LogLevel | null): number {
  return levelCodes.get(level)!;
}

function levelOfCode(code: number): LogLevel | null {
  return logLevels[code - 1] ?? null;
}

export function packHead(
  entries: readonly ArchivedEntry[],
  textStart: Pick<HeadStart, 'encoding' | 'isStyled'>,
): Buffer {
  const { origins, originOf } = originsOf(entries);
  const start = Buffer.from(JSON.stringify({ origins, ...textStart } satisfies HeadStart));
  const parts = [
    start,
    bytesOf(entries.map(({ line }) => codeOfLevel(line.level))),
    bytesOf(entries.map(({ line }) => (line.truncated ? TRUNCATED : 0) | (line.late ? LATE : 0))),
    bytesOf(originOf.map((at) => at & 0xff)),
    bytesOf(originOf.map((at) => at >> 8)),
    deltasOf(entries.map(({ line }) => line.time)),
    deltasOf(entries.map(({ sequence }) => sequence)),
    plainOf(entries.map(({ line }) => line.text.length)),
    packWords(entries.map(({ line }) => line.text)),
  ];
  const lengths = Buffer.alloc(4 * LENGTHS);
  [entries.length, ...parts.map(({ length }) => length)].forEach((value, at) =>
    lengths.writeUInt32LE(value, 4 * at),
  );
  return Buffer.concat([lengths, ...parts]);
}

/** Zeros alone take no room. */
function bytesOf(values: readonly number[]): Buffer {
  return values.some((value) => value !== 0) ? Buffer.from(values) : Buffer.alloc(0);
}

function originsOf(entries: readonly ArchivedEntry[]): { origins: Origin[]; originOf: number[] } {
  const known = new Map<string, { at: number; origin: Origin }>();
  const originOf = entries.map(({ epoch, line }) => {
    const origin: Origin = [line.host, line.source, epoch];
    const key = JSON.stringify(origin);
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = { at: known.size, origin }));
    return found.at;
  });
  return { origins: Array.from(known.values(), ({ origin }) => origin), originOf };
}

function deltasOf(values: readonly number[]): Buffer {
  const out = new VarintWriter();
  let before = 0;
  for (const value of values) {
    out.putSigned(value - before);
    before = value;
  }
  return out.bytes;
}

function plainOf(values: readonly number[]): Buffer {
  const out = new VarintWriter();
  for (const value of values) out.put(value);
  return out.bytes;
}

/** As it was packed. What few searches need is unpacked when it is asked for. */
export class BlockHead {
  readonly count: number;
  readonly origins: readonly Origin[];
  readonly encoding: HeadStart['encoding'];
  readonly isStyled: boolean;
  /** By `codeOfLevel`. */
  readonly levels: Uint8Array;
  readonly times: Float64Array;
  readonly #flags: Uint8Array;
  readonly #originLow: Uint8Array;
  readonly #originHigh: Uint8Array;
  readonly #packedSequences: Uint8Array;
  readonly #packedLengths: Uint8Array;
  readonly #packedWords: Uint8Array;
  #sequences: Float64Array | null = null;
  #offsets: Uint32Array | null = null;
  #words: BlockWords | null = null;

  /** Throws a `DamagedVolumeError` where the bytes are none that `packHead` made. */
  constructor(packed: Uint8Array) {
    const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
    if (bytes.length < 4 * LENGTHS) throw damagedBlock();
    const [count, ...lengths] = Array.from({ length: LENGTHS }, (_, at) => bytes.readUInt32LE(4 * at));
    this.count = count!;
    let at = 4 * LENGTHS;
    const parts = lengths.map((length) => bytes.subarray(at, (at += length)));
    if (at !== bytes.length || this.count === 0 || this.count > BLOCK_LINES) throw damagedBlock();
    const [start, levels, flags, originLow, originHigh, times, sequences, textLengths, words] = parts;
    const none = new Uint8Array(this.count);
    const column = (part: Buffer) => (part.length === 0 ? none : part);
    this.levels = column(levels!);
    this.#flags = column(flags!);
    this.#originLow = column(originLow!);
    this.#originHigh = column(originHigh!);
    ({ origins: this.origins, encoding: this.encoding, isStyled: this.isStyled } = startOf(start!));
    this.times = decodeDeltas(times!, this.count);
    this.#packedSequences = sequences!;
    this.#packedLengths = textLengths!;
    this.#packedWords = words!;
  }

  /** Index into `origins`. */
  originOf(at: number): number {
    return this.#originLow[at]! | (this.#originHigh[at]! << 8);
  }

  get sequences(): Float64Array {
    return (this.#sequences ??= decodeDeltas(this.#packedSequences, this.count));
  }

  /** Where each text begins in the texts joined, in UTF-16 units; one more for the end. */
  get offsets(): Uint32Array {
    return (this.#offsets ??= offsetsOf(decodePlain(this.#packedLengths, this.count)));
  }

  /** Null: there were too many. */
  get words(): BlockWords | null {
    if (this.#packedWords.length === 0) return null;
    return (this.#words ??= new BlockWords(this.#packedWords, this.count));
  }

  idAt(at: number): string {
    return formatCursor(this.origins[this.originOf(at)]![2], this.sequences[at]!);
  }

  /** The line at one place, with the text and fields that are handed in. */
  lineAt(at: number, text: string, fields: LogLine['fields']): LogLine {
    const [host, source] = this.origins[this.originOf(at)]!;
    const flags = this.#flags[at]!;
    return {
      host,
      time: this.times[at]!,
      level: levelOfCode(this.levels[at]!),
      source,
      text,
      ...(fields !== undefined && { fields }),
      ...((flags & TRUNCATED) !== 0 && { truncated: true as const }),
      ...((flags & LATE) !== 0 && { late: true as const }),
    };
  }
}

function startOf(bytes: Buffer): HeadStart {
  try {
    return JSON.parse(bytes.toString()) as HeadStart;
  } catch (cause) {
    throw damagedBlock(cause);
  }
}

function offsetsOf(lengths: Float64Array): Uint32Array {
  const offsets = new Uint32Array(lengths.length + 1);
  for (let at = 0; at < lengths.length; at++) offsets[at + 1] = offsets[at]! + lengths[at]!;
  return offsets;
}
