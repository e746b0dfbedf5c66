/**
 * Which words are in which lines of a block: what counting lines by words goes by, without a look at their texts. A word is a run of
 * letters from A to Z, three at least, whatever their case. A text of such letters alone is found inside of words and nowhere else, so
 * for it the answer is exact; for one that holds such a run the lines are those that may have it.
 */
import { plainText } from '../../../shared/ansi-text.ts';
import { decodePlain, VarintWriter } from './varints.ts';

const wordPattern = /[A-Za-z]{3,}/g;
/** More than this of different words are no words but codes: they would take more room than they save time. In characters. */
const MAX_DICTIONARY = 24 * 1024;

const SPACE = 0x20;

/** Empty: there are too many. */
export function packWords(texts: readonly string[]): Buffer {
  const lines = new Map<string, number[]>();
  let size = 0;
  for (const [at, text] of texts.entries()) {
    for (const word of plainText(text).match(wordPattern) ?? []) {
      const key = word.toLowerCase();
      const known = lines.get(key);
      if (known === undefined) {
        lines.set(key, [at]);
        size += key.length + 1;
        if (size > MAX_DICTIONARY) return Buffer.alloc(0);
      } else if (known.at(-1) !== at) known.push(at);
    }
  }
  const words = [...lines.keys()].sort();
  const postings = words.map((word) => distancesOf(lines.get(word)!));
  const dictionary = Buffer.from(words.join(' '), 'latin1');
  const head = new VarintWriter();
  for (const { length } of postings) head.put(length);
  const lengths = Buffer.alloc(12);
  lengths.writeUInt32LE(dictionary.length, 0);
  lengths.writeUInt32LE(words.length, 4);
  lengths.writeUInt32LE(head.bytes.length, 8);
  return Buffer.concat([lengths, dictionary, head.bytes, ...postings]);
}

function distancesOf(lines: readonly number[]): Buffer {
  const out = new VarintWriter();
  let before = 0;
  for (const at of lines) {
    out.put(at - before);
    before = at;
  }
  return Buffer.from(out.bytes);
}

export class BlockWords {
  readonly #count: number;
  /** All words, a space between two. */
  readonly #dictionary: string;
  /** How many bytes of `#postings` each word has. */
  readonly #lengths: Float64Array;
  readonly #postings: Uint8Array;

  /** `count`: lines of the block. */
  constructor(packed: Uint8Array, count: number) {
    this.#count = count;
    const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
    const dictionaryEnd = 12 + bytes.readUInt32LE(0);
    const headEnd = dictionaryEnd + bytes.readUInt32LE(8);
    this.#dictionary = bytes.toString('latin1', 12, dictionaryEnd);
    this.#lengths = decodePlain(bytes.subarray(dictionaryEnd, headEnd), bytes.readUInt32LE(4));
    this.#postings = bytes.subarray(headEnd);
  }

  /** The lines with a word that has this in it, in lower case, as ones. */
  linesWith(part: string): Uint8Array {
    const found = new Uint8Array(this.#count);
    let word = 0;
    let counted = 0;
    let begin = 0;
    let at = this.#dictionary.indexOf(part);
    while (at >= 0) {
      for (; counted < at; counted++) {
        if (this.#dictionary.charCodeAt(counted) === SPACE) begin += this.#lengths[word++]!;
      }
      this.#mark(begin, begin + this.#lengths[word]!, found);
      const next = this.#dictionary.indexOf(' ', at);
      at = next < 0 ? -1 : this.#dictionary.indexOf(part, next);
    }
    return found;
  }

  #mark(begin: number, end: number, found: Uint8Array): void {
    let line = 0;
    let distance = 0;
    let shift = 0;
    for (let at = begin; at < end; at++) {
      const byte = this.#postings[at]!;
      distance |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte >= 0x80) continue;
      line += distance;
      found[line] = 1;
      distance = shift = 0;
    }
  }
}

/** The runs of letters in a text, in lower case: a line that has the text has words with each of them. */
export function wordsIn(text: string): string[] {
  return (text.match(wordPattern) ?? []).map((word) => word.toLowerCase());
}

/** Whether `linesWith` says exactly which lines have the text. */
export function isOneWord(text: string): boolean {
  return /^[A-Za-z]{3,}$/.test(text);
}
