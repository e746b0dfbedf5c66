/**
 * What was made for a sight, kept for the crowd that comes within the next seconds: after a lost network or a change of a share all of
 * its viewers are back at once, and each wants the same lines with the same words taken out.
 */
import type { Sight } from './sight.ts';

/** Forgotten all at once after this time: names that are to be hidden may have changed meanwhile. */
const KEPT_MS = 5_000;
/** ... and past so many entries of all sights together. */
const MAX_ENTRIES = 50_000;

export class ShownCache<Original extends object, Shown> {
  /** By the key of the sight. */
  readonly #bySight = new Map<string, Map<Original, Shown>>();
  #entries = 0;
  #since = -Infinity;
  /** Runs while something is kept: the crowd may be gone for good, and what is kept for it is large. */
  #timer: NodeJS.Timeout | null = null;

  /** `make` is pure, and asked where it is not known. */
  of({ key }: Sight, original: Original, make: () => Shown): Shown {
    this.#forgetOld();
    let known = this.#bySight.get(key);
    if (!known) this.#bySight.set(key, (known = new Map<Original, Shown>()));
    const found = known.get(original);
    if (found !== undefined) return found;
    const shown = make();
    known.set(original, shown);
    this.#entries++;
    this.#timer ??= setTimeout(() => this.#forget(), KEPT_MS).unref();
    return shown;
  }

  #forgetOld(): void {
    const now = performance.now();
    if (now - this.#since < KEPT_MS && this.#entries < MAX_ENTRIES) return;
    this.#forget();
    this.#since = now;
  }

  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#bySight.clear();
    this.#entries = 0;
  }
}
