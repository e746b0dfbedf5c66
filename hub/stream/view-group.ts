/** The subscribers of one view: a batch is joined once and the same bytes go to each of them. */
import type { Frame } from './frame.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { Subscriber } from './subscriber.ts';
import { viewHolds, type View } from './view.ts';

export class ViewGroup {
  readonly view: View;
  readonly subscribers = new Set<Subscriber>();
  readonly #counts: StreamCounts;
  #pending: Frame[] = [];

  constructor(view: View, counts: StreamCounts) {
    this.view = view;
    this.#counts = counts;
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
    const batch = frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map((frame) => frame.bytes));
    for (const subscriber of this.subscribers) subscriber.deliver(frames, batch);
    for (const frame of frames) this.#counts.addSent(frame.name, this.subscribers.size);
  }
}
