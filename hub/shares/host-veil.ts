/** Made-up names for hosts: the same for the same host and share, and nothing that leads back to the real ones. */
import { createHmac } from 'node:crypto';
import { literalPattern } from '../../shared/filter/evaluate.ts';

/** Letters and digits that are not mistaken for each other; 32 of them, five bits each. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz123456789';
/** Of 1,024 hosts two have the same name once in two thousand shares; then one of them gets a longer one. */
const LETTERS = 6;
/** Shorter names are too much like other words to be looked for in texts. */
const SHORTEST_NAME = 3;
/** Names this long are found inside of other words too: "web-1" in "web-1_access.log". */
const CLEAR_NAME = 4;

export interface NamedHost {
  id: string;
  name: string;
}

export class HostVeil {
  readonly #salt: string;
  readonly #hosts: () => readonly NamedHost[];
  readonly #shownIds = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  #sought: { pattern: RegExp; ids: Map<string, string> } | null = null;

  /** `hosts`: all that the hub knows, not only those that are shown: texts name others too. */
  constructor(salt: string, hosts: () => readonly NamedHost[]) {
    this.#salt = salt;
    this.#hosts = hosts;
  }

  /** "host-k3v9x2" */
  shownId(id: string): string {
    const known = this.#shownIds.get(id);
    if (known !== undefined) return known;
    const letters = lettersOf(this.#salt, id);
    let length = LETTERS;
    while (this.#ids.has(`host-${letters.slice(0, length)}`)) length++;
    const shown = `host-${letters.slice(0, length)}`;
    this.#shownIds.set(id, shown);
    this.#ids.set(shown, id);
    return shown;
  }

  /** The hosts that have a made-up id, in the order they got it. */
  get shownHosts(): string[] {
    return [...this.#shownIds.keys()];
  }

  /** Null: no host of the hub is shown as this. */
  idOf(shown: string): string | null {
    if (!this.#ids.has(shown)) for (const { id } of this.#hosts()) this.shownId(id);
    return this.#ids.get(shown) ?? null;
  }

  /** A host is new, gone, or has another name. */
  forgetNames(): void {
    this.#sought = null;
  }

  /** With the names and ids of all hosts replaced. */
  text(text: string): string {
    this.#sought ??= soughtOf(this.#hosts());
    const { pattern, ids } = this.#sought;
    if (ids.size === 0) return text;
    return text.replace(pattern, (found) => this.shownId(ids.get(found.toLowerCase())!));
  }
}

/** Each host by its id, its name, and the first part of a name like "web-1.example.net". The longest are tried first. */
function soughtOf(hosts: readonly NamedHost[]): { pattern: RegExp; ids: Map<string, string> } {
  const ids = new Map<string, string>();
  for (const { id, name } of hosts) {
    for (const word of [id, name, name.split('.')[0]!]) {
      const key = word.toLowerCase();
      if (word.length >= SHORTEST_NAME && !ids.has(key)) ids.set(key, id);
    }
  }
  const words = [...ids.keys()].sort((a, b) => b.length - a.length);
  const clear = words.filter(({ length }) => length >= CLEAR_NAME).map(literalPattern);
  const short = words.filter(({ length }) => length < CLEAR_NAME).map(literalPattern);
  const alternatives = [
    ...(clear.length > 0 ? [`(?:${clear.join('|')})`] : []),
    ...(short.length > 0 ? [`(?<![\\w-])(?:${short.join('|')})(?![\\w-])`] : []),
  ];
  return { pattern: new RegExp(alternatives.join('|'), 'gi'), ids };
}

function lettersOf(salt: string, id: string): string {
  const digest = createHmac('sha256', salt).update(id).digest();
  return Array.from(digest, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
