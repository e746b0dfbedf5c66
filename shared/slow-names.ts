/**
 * A mount or a label as a part of a series key: unambiguous, bounded, and of characters that pass wherever keys do. `@` begins what is
 * written otherwise: `@20` a byte of UTF-8, `@.` the hash of a name that is too long, `@:2` the second of one name.
 */

/** Units of a name in a key; with what is around it the key keeps to 256. */
const MAX_NAME = 220;
const HASH_LENGTH = 11;

/** What stands as it is: a key goes into addresses, separated by commas, and `*` is a pattern there. */
const written = /[^\w.:/+-]/gu;

export function nameInKey(name: string): string {
  const escaped = name.replace(/\p{Cs}/gu, '\ufffd').replace(written, bytesOf);
  return escaped.length <= MAX_NAME ? escaped : `${beginningOf(escaped)}@.${hashOf(name)}`;
}

/** Numbers names that come again. */
export class NameCounter {
  readonly #first: number;
  readonly #seen = new Map<string, number>();

  /** `first`: the number of the first of each name. */
  constructor(first = 1) {
    this.#first = first;
  }

  next(name: string): string {
    const place = this.#seen.get(name) ?? this.#first;
    this.#seen.set(name, place + 1);
    return place === 1 ? name : `${name}@:${place}`;
  }
}

/** What `nameInKey` and `NameCounter` made. What none of them made is read as it stands. */
export function readName(inKey: string): { name: string; place: number; isCut: boolean } {
  const [, unplaced = inKey, digits] = /^(.*)@:(\d{1,3})$/s.exec(inKey) ?? [];
  const [, beginning] = /^(.*)@\.[0-9a-z]+$/s.exec(unplaced) ?? [];
  return {
    name: (beginning ?? unplaced).replace(/(?:@[0-9A-F]{2})+/g, textOf),
    place: digits === undefined ? 1 : Number(digits),
    isCut: beginning !== undefined,
  };
}

function bytesOf(character: string): string {
  // encodeURIComponent leaves these as they are.
  if (/[!~*'()]/.test(character)) return `@${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(character).replaceAll('%', '@');
}

function textOf(escapes: string): string {
  try {
    return decodeURIComponent(escapes.replaceAll('@', '%'));
  } catch {
    return escapes;
  }
}

/** Cut between two characters. */
function beginningOf(escaped: string): string {
  let beginning = '';
  // A byte of UTF-8 that begins a character, with those that go on with it.
  for (const piece of escaped.match(/@[0-7C-F].(?:@[89AB].)*|[^@]/g) ?? []) {
    if (beginning.length + piece.length > MAX_NAME - HASH_LENGTH - 2) break;
    beginning += piece;
  }
  return beginning;
}

/** 53 bits that tell names apart (cyrb53, by bryc, public domain); it keeps no secret. */
function hashOf(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
