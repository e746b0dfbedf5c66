/** Moments that somebody shows the others: kept for some minutes, for those who come in the meantime. */
import { randomBytes } from 'node:crypto';
import type { StreamEvent } from '../../shared/events.ts';
import { POINTER_MS } from '../../shared/share-terms.ts';
import type { Pointer } from '../../shared/schema/shares.ts';

/** One more pushes the oldest out. */
const MAX_POINTERS = 64;

export class Pointers {
  readonly #publish: (event: StreamEvent) => void;
  #held: Pointer[] = [];

  constructor(publish: (event: StreamEvent) => void) {
    this.#publish = publish;
  }

  point(at: Omit<Pointer, 'id' | 'since' | 'until'>, now = Date.now()): Pointer {
    const pointer = { ...at, id: randomBytes(8).toString('hex'), since: now, until: now + POINTER_MS };
    this.#held = [...this.#current(now), pointer].slice(-MAX_POINTERS);
    this.#publish({ name: 'pointer', data: pointer });
    return pointer;
  }

  /** Those that are still shown, oldest first. */
  get events(): StreamEvent[] {
    return this.#current(Date.now()).map((data) => ({ name: 'pointer', data }));
  }

  #current(now: number): Pointer[] {
    return this.#held.filter(({ until }) => until > now);
  }
}
