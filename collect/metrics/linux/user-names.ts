/** Names of user ids from /etc/passwd. */
import { readFileSync } from 'node:fs';

/** An id that is not in the file is looked for again after this long. */
const RETRY_MS = 60_000;

export class UserNames {
  readonly #path: string;
  #names = new Map<number, string>();
  #readMs = -Infinity;

  constructor(path: string) {
    this.#path = path;
  }

  /** The id itself where nobody has it: users of a directory service are not in the file. */
  of(userId: number, monotonicMs: number): string {
    if (!this.#names.has(userId) && monotonicMs - this.#readMs >= RETRY_MS) {
      this.#readMs = monotonicMs;
      this.#names = readNames(this.#path);
    }
    return this.#names.get(userId) ?? String(userId);
  }
}

function readNames(path: string): Map<number, string> {
  const names = new Map<number, string>();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return names;
  }
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    // The first of several names for one id is the one getpwuid(3) gives.
    if (name && id && !names.has(Number(id))) names.set(Number(id), name.slice(0, 256));
  }
  return names;
}
