/** The subscribers of one view: a batch is joined, and compressed, once and the same bytes go to each of them. */
import type { Frame } from './frame.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { Subscriber } from './subscriber.ts';
import { ViewHistory, type ViewBlock } from './view-history.ts';
import { viewHolds, type View } from './view.ts';

/** What leaves in one write for every reader of a view that keeps up. */
export interface Batch {
  /** In order; none where the bytes are of no event of the bus. */
  readonly frames: readonly Frame[];
  readonly bytes: Buffer;
  /** The newest sequence that is settled by it. */
  readonly position: number;
  /** Null where no reader takes gzip. */
  readonly block: ViewBlock | null;
}

export class ViewGroup {
  readonly view: View;
  readonly #subscribers: Subscriber[] = [];
  readonly #counts: StreamCounts;
  #pending: Frame[] = [];
  /** Kept while a reader takes gzip. */
  #history: ViewHistory | null = null;
  #compressed = 0;

  constructor(view: View, counts: StreamCounts) {
    this.view = view;
    this.#counts = counts;
  }

  get subscribers(): readonly Subscriber[] {
    return this.#subscribers;
  }

  /** How many readers take gzip. */
  get compressed(): number {
    return this.#compressed;
  }

  add(subscriber: Subscriber): void {
    subscriber.place = this.#subscribers.length;
    this.#subscribers.push(subscriber);
    if (subscriber.gzip === null) return;
    this.#compressed++;
    this.#history ??= new ViewHistory(this.#counts);
  }

  /** The last one takes the place of the one that leaves. */
  remove(subscriber: Subscriber): void {
    const last = this.#subscribers.pop()!;
    if (last !== subscriber) {
      this.#subscribers[subscriber.place] = last;
      last.place = subscriber.place;
    }
    if (subscriber.gzip !== null && --this.#compressed === 0) this.#history = null;
  }

  /** True when the frame waits for the next flush. */
  offer(frame: Frame): boolean {
    if (!viewHolds(this.view, frame)) return false;
    this.#pending.push(frame);
    return true;
  }

  flush(): void {
    const frames = this.#pending;
    if (frames.length === 0) return;
    this.#pending = [];
    const bytes = frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map((frame) => frame.bytes));
    this.send(frames, bytes, frames[frames.length - 1]!.sequence);
    for (const frame of frames) this.#counts.addSent(frame.name, this.#subscribers.length);
  }

  /** Bytes without frames go only to readers that keep up. */
  send(frames: readonly Frame[], bytes: Buffer, position: number): void {
    const batch: Batch = { frames, bytes, position, block: this.#history?.add(bytes) ?? null };
    // Backwards: one that is cut while it is given the batch makes room for one that had it.
    for (let place = this.#subscribers.length - 1; place >= 0; place--)
      this.#subscribers[place]!.deliver(batch);
  }
}
