/**
 * A block: about a thousand lines, packed by columns and compressed. Its head alone says when each line was, of which level, host and
 * source, and with which words; texts and fields are unpacked where a filter or a reader asks for them. docs/architecture.md says why.
 */
import { plainText } from '../../../shared/ansi-text.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import type { ArchivedEntry } from '../archived.ts';
import { BLOCK_LINES, packHead, type BlockHead } from './block-head.ts';
import { damagedBlock, pack, unpack } from './zstd.ts';

/** So much text closes a block, in UTF-16 units. */
const BLOCK_TEXT = 192 * 1024;

export interface PackedBlock {
  head: Buffer;
  texts: Buffer;
  /** Null: no line has any. */
  fields: Buffer | null;
}

/** Lines together in blocks. */
export function* blocksOf(entries: Iterable<ArchivedEntry>): Generator<readonly ArchivedEntry[]> {
  let block: ArchivedEntry[] = [];
  let text = 0;
  for (const entry of entries) {
    block.push(entry);
    text += entry.line.text.length;
    if (block.length < BLOCK_LINES && text < BLOCK_TEXT) continue;
    yield block;
    block = [];
    text = 0;
  }
  if (block.length > 0) yield block;
}

export function packBlock(entries: readonly ArchivedEntry[]): PackedBlock {
  const texts = entries.map(({ line }) => line.text).join('');
  const encoding = texts.isWellFormed() ? 'utf8' : 'utf16le';
  const textBytes = Buffer.from(texts, encoding);
  const isStyled = entries.some(({ line }) => plainText(line.text) !== line.text);
  return {
    head: packHead(entries, { encoding, isStyled }),
    texts: pack(textBytes),
    fields: packFields(entries, textBytes),
  };
}

/** A field mostly stands in the text as well: with the texts as dictionary it takes a few bytes. */
function packFields(entries: readonly ArchivedEntry[], textBytes: Buffer): Buffer | null {
  if (!entries.some(({ line }) => line.fields !== undefined)) return null;
  const lines = entries.map(({ line }) => (line.fields === undefined ? '' : JSON.stringify(line.fields)));
  return pack(Buffer.from(lines.join('\n')), textBytes);
}

/** Texts and fields of a block, unpacked when they are asked for. */
export class BlockContent {
  readonly #head: BlockHead;
  readonly #read: { texts: () => Uint8Array; fields: () => Uint8Array | null };
  #textBytes: Buffer | null = null;
  #joined: string | null = null;
  /** A JSON text for each line; empty: it has no fields. */
  #fields: string[] | null = null;

  /** `read` answers what was packed. */
  constructor(head: BlockHead, read: { texts: () => Uint8Array; fields: () => Uint8Array | null }) {
    this.#head = head;
    this.#read = read;
  }

  /** The texts of all lines, one right after the other: `BlockHead.offsets` says where which begins. */
  get joined(): string {
    if (this.#joined !== null) return this.#joined;
    this.#textBytes = unpack(this.#read.texts());
    this.#joined = this.#textBytes.toString(this.#head.encoding);
    if (this.#joined.length !== this.#head.offsets[this.#head.count]) throw damagedBlock();
    return this.#joined;
  }

  line(at: number): LogLine {
    return this.part(at, { text: true, fields: true });
  }

  /** The line; what is not needed of it is empty. */
  part(at: number, needs: { text: boolean; fields: boolean }): LogLine {
    const { offsets } = this.#head;
    const text = needs.text ? this.joined.slice(offsets[at], offsets[at + 1]) : '';
    return this.#head.lineAt(at, text, needs.fields ? this.#fieldsAt(at) : undefined);
  }

  #fieldsAt(at: number): LogLine['fields'] {
    const text = (this.#fields ??= this.#unpackFields())[at];
    return text === undefined || text === '' ? undefined : (JSON.parse(text) as LogLine['fields']);
  }

  #unpackFields(): string[] {
    const packed = this.#read.fields();
    if (packed === null) return [];
    // Needed as the dictionary.
    void this.joined;
    return unpack(packed, this.#textBytes!).toString().split('\n');
  }
}
