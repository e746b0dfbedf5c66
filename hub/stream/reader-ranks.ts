/**
 * The readers of a view in two ranks: those seen to take what they are given, and all others, new ones among them. The
 * first are written to first: what a reader leaves lying fills fresh memory of the kernel, and such a write takes
 * several times as long as one that is passed on.
 */
import type { Subscriber } from './subscriber.ts';

export class ReaderRanks {
  readonly #prompt: Subscriber[] = [];
  readonly #others: Subscriber[] = [];

  get prompt(): readonly Subscriber[] {
    return this.#prompt;
  }

  get others(): readonly Subscriber[] {
    return this.#others;
  }

  add(subscriber: Subscriber): void {
    const rank = this.#rankOf(subscriber);
    subscriber.place = rank.length;
    rank.push(subscriber);
  }

  /** The last one of its rank takes the place of the one that leaves. */
  remove(subscriber: Subscriber): void {
    const rank = this.#rankOf(subscriber);
    const last = rank.pop()!;
    if (last === subscriber) return;
    rank[subscriber.place] = last;
    last.place = subscriber.place;
  }

  move(subscriber: Subscriber, isPrompt: boolean): void {
    this.remove(subscriber);
    subscriber.isPrompt = isPrompt;
    this.add(subscriber);
  }

  #rankOf({ isPrompt }: Subscriber): Subscriber[] {
    return isPrompt ? this.#prompt : this.#others;
  }
}
