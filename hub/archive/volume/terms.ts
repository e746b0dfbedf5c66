/**
 * The words of the archive's index. Text is found inside of other words, so the index knows no words but every three characters in a
 * row, of a whole block: a block that lacks one of a text's threes does not hold the text. Which block holds it is looked up then.
 *
 * Letters are taken as a regular expression with the flag `i` takes them (ECMA-262, Canonicalize), since that is how lines are
 * compared (shared/filter/evaluate.ts).
 */
import { isNumber } from '../../../shared/filter/parse.ts';

/** Threes share so many numbers; two that share one cost a look into a block for nothing. */
const TERM_BITS = 18;
const NUMBER_BITS = 16;
/** Of a long text so many threes are asked for: by then next to nothing else is left. */
const MAX_ASKED = 32;

const termNames = Array.from({ length: 1 << TERM_BITS }, (_, at) => at.toString(36));

/** For each UTF-16 unit the one it is compared as. */
const canonical = Uint16Array.from({ length: 1 << 16 }, (_, unit) => {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const code = upper.charCodeAt(0);
  return unit >= 128 && code < 128 ? unit : code;
});

function hashOf(a: number, b: number, c: number): number {
  const mixed = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> (32 - TERM_BITS);
}

/** Letters on each side of a space that make a joint. */
const JOINT_LETTERS = 3;

/**
 * Where two words meet: the last letters of one, a space, the first of the next. Nearly every block has the threes of common words, and few have
 * two of them as neighbours: by its joints a phrase is looked for where it is.
 */
function isJoint(text: string, space: number): boolean {
  for (let away = 1; away <= JOINT_LETTERS; away++)
    if (!isLetter(text.charCodeAt(space - away)) || !isLetter(text.charCodeAt(space + away))) return false;
  return true;
}

/** From A to Z: no other is compared as one of them. */
function isLetter(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
}

function jointHash(text: string, space: number): number {
  let hash = 0x811c9dc5;
  for (let at = space - JOINT_LETTERS; at <= space + JOINT_LETTERS; at++)
    hash = Math.imul(hash ^ canonical[text.charCodeAt(at)]!, 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - TERM_BITS);
}

/** Gathers the terms of one block after the other. */
export class TermList {
  /** The number of the block a term was last seen in. */
  readonly #seenIn = new Uint32Array(1 << TERM_BITS);
  readonly #jointSeenIn = new Uint32Array(1 << TERM_BITS);
  #block = 0;
  #terms = new Set<string>();
  #threes: string[] = [];

  /** Terms of what follows are those of a new block. */
  begin(): void {
    this.#block++;
    this.#terms = new Set();
    this.#threes = [];
  }

  addText(text: string): void {
    let a = canonical[text.charCodeAt(0)]!;
    let b = canonical[text.charCodeAt(1)]!;
    for (let at = 2; at < text.length; at++) {
      const c = canonical[text.charCodeAt(at)]!;
      const hash = hashOf(a, b, c);
      if (this.#seenIn[hash] !== this.#block) {
        this.#seenIn[hash] = this.#block;
        this.#threes.push(termNames[hash]!);
      }
      a = b;
      b = c;
    }
    for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) {
      if (isJoint(text, space)) this.#addJoint(jointHash(text, space));
    }
  }

  #addJoint(hash: number): void {
    if (this.#jointSeenIn[hash] === this.#block) return;
    this.#jointSeenIn[hash] = this.#block;
    this.#terms.add(jointTerm(hash));
  }

  /** Of a field: its text, and what number it is. */
  addValue(value: string): void {
    this.addText(value);
    // Whole values are compared in lower case, which for few letters is another comparison than that of texts.
    if (!isAscii(value)) this.addText(value.toLowerCase());
    if (isNumber(value)) this.#terms.add(numberTerm(Number(value)));
  }

  addHost(host: string): void {
    this.#terms.add(hostTerm(host));
  }

  /** As FTS5 takes them in. */
  toString(): string {
    return [...this.#threes, ...this.#terms].join(' ');
  }
}

/** The terms that a block with this text has; none for texts too short to have one. */
export function termsOfText(text: string): string[] {
  const found = new Set<string>();
  for (let at = 2; at < text.length; at++) {
    const [a, b, c] = [text.charCodeAt(at - 2), text.charCodeAt(at - 1), text.charCodeAt(at)];
    found.add(termNames[hashOf(canonical[a]!, canonical[b]!, canonical[c]!)]!);
  }
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1))
    if (isJoint(text, space)) found.add(jointTerm(jointHash(text, space)));
  const terms = [...found];
  // Spread over the text: neighbours say much the same.
  const step = Math.max(1, terms.length / MAX_ASKED);
  return Array.from({ length: Math.min(terms.length, MAX_ASKED) }, (_, at) => terms[Math.floor(at * step)]!);
}

/** Longer than any three's, so that it is none of them. */
export function hostTerm(host: string): string {
  return `host${hashOfText(host).toString(36)}`;
}

function jointTerm(hash: number): string {
  return `joint${hash.toString(36)}`;
}

/** Equal for all ways to write one number. */
export function numberTerm(value: number): string {
  return `number${(hashOfText(String(value === 0 ? 0 : value)) >>> (32 - NUMBER_BITS)).toString(36)}`;
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}

/** FNV-1a, 32 bits, and mixed once more. */
function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
