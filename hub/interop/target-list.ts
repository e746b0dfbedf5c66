/** The targets of one kind: kept in a file, running while this hub runs. */
import { randomBytes } from 'node:crypto';
import { readKeptList, writeKeptList, type KeptList } from '../kept-list.ts';
import { isSealed, type Keyring } from '../access/keyring.ts';
import type { KeptTarget, Target } from './target.ts';

/** Each is a connection. */
export const MAX_TARGETS = 64;

export interface TargetListOptions<Kept extends KeptTarget, Entry> {
  list: KeptList<Kept>;
  keyring: Keyring;
  report: (trouble: Error) => void;
  /** Begins to run it, unless it is paused. */
  open: (kept: Kept) => Target<Entry>;
}

export class TargetList<Kept extends KeptTarget, Entry> implements AsyncDisposable {
  readonly #options: TargetListOptions<Kept, Entry>;
  readonly #held = new Map<string, { kept: Kept; target: Target<Entry> }>();

  constructor(options: TargetListOptions<Kept, Entry>) {
    this.#options = options;
    for (const kept of this.#readKept().slice(0, MAX_TARGETS)) {
      this.#held.set(kept.id, { kept, target: options.open(kept) });
    }
  }

  get entries(): Entry[] {
    return [...this.#held.values()].map(({ target }) => target.entry);
  }

  get isFull(): boolean {
    return this.#held.size >= MAX_TARGETS;
  }

  has(url: string): boolean {
    return [...this.#held.values()].some(({ kept }) => kept.url === url);
  }

  /** Null: there is none of this id. */
  find(id: string): { kept: Kept; entry: Entry } | null {
    const held = this.#held.get(id);
    return held ? { kept: held.kept, entry: held.target.entry } : null;
  }

  /** `secret` as it was given. Throws what writing the file throws; then nothing has changed. */
  add(wanted: Omit<Kept, 'id' | 'paused'>): Entry {
    const { keyring, open } = this.#options;
    const kept = {
      ...wanted,
      id: randomBytes(4).toString('hex'),
      secret: wanted.secret && keyring.seal(wanted.secret),
      paused: false,
    } as unknown as Kept;
    this.#save([...this.#kept(), kept]);
    const target = open(kept);
    this.#held.set(kept.id, { kept, target });
    return target.entry;
  }

  /** What a target has learned about itself. Throws what writing the file throws; then it is known until the hub ends. */
  learn(kept: Kept): void {
    const held = this.#held.get(kept.id);
    if (!held) return;
    held.kept = { ...kept, paused: held.kept.paused };
    this.#save(this.#kept());
  }

  /** Null: there is none of this id. Throws what writing the file throws; then nothing has changed. */
  async setPaused(id: string, paused: boolean): Promise<Entry | null> {
    const held = this.#held.get(id);
    if (!held) return null;
    const changed = { ...held.kept, paused };
    this.#save(this.#kept().map((kept) => (kept.id === id ? changed : kept)));
    held.kept = changed;
    if (paused) await held.target.pause();
    else held.target.start();
    return held.target.entry;
  }

  /** False: there is none of this id. Throws what writing the file throws; then nothing has changed. */
  async remove(id: string): Promise<boolean> {
    const held = this.#held.get(id);
    if (!held) return false;
    this.#save(this.#kept().filter((kept) => kept.id !== id));
    this.#held.delete(id);
    await held.target.remove();
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ target }) => target[Symbol.asyncDispose]()));
  }

  /** Secrets that were kept before there was a keyring are sealed now. */
  #readKept(): Kept[] {
    const { list, keyring, report } = this.#options;
    const kept = readKeptList(list, report);
    const sealed = kept.map((one) =>
      one.secret === null || isSealed(one.secret) ? one : { ...one, secret: keyring.seal(one.secret) },
    );
    // Without a keyring there is nothing new to be kept.
    if (sealed.every(({ secret }, at) => secret === kept[at]!.secret)) return kept;
    try {
      this.#save(sealed);
    } catch (error) {
      report(error as Error);
    }
    return sealed;
  }

  #kept(): Kept[] {
    return [...this.#held.values()].map(({ kept }) => kept);
  }

  #save(kept: readonly Kept[]): void {
    writeKeptList(this.#options.list, kept);
  }
}
