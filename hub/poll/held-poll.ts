/** A poll that found nothing to answer: held until its view has something, its time is over, or its client leaves. */
import { MAX_POLL_BYTES } from '../../shared/poll.ts';
import type { Frame } from '../stream/frame.ts';
import type { ShownFrames } from '../stream/shown-frames.ts';
import type { View } from '../stream/view.ts';

export interface HeldPollOptions {
  view: View;
  shown: ShownFrames;
  waitMs: number;
  /** What comes within this time of the first event leaves with it, in milliseconds. */
  flushWindowMs: number;
  /** Called once, with what came; none: the time is over. */
  onReady: (frames: readonly Frame[]) => void;
}

export class HeldPoll {
  readonly #options: HeldPollOptions;
  readonly #frames: Frame[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout;

  constructor(options: HeldPollOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#finish(), options.waitMs);
  }

  offer(published: Frame): void {
    const frame = this.#options.shown.of(published, this.#options.view);
    if (frame === null) return;
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    if (this.#bytes >= MAX_POLL_BYTES) return this.#finish();
    if (this.#frames.length > 1) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(), this.#options.flushWindowMs);
  }

  /** Ends it without an answer. */
  drop(): void {
    clearTimeout(this.#timer);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#options.onReady(this.#frames);
  }
}
