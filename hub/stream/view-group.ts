/** The subscribers of one view: a batch is joined, and compressed, once and the same bytes go to each of them. */
import { ViewEncodings, type EncodedBatch } from './compression/view-encodings.ts';
import type { Frame } from './frame.ts';
import { ReaderRanks } from './reader-ranks.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { Subscriber } from './subscriber.ts';
import type { ShownFrames } from './shown-frames.ts';
import type { View } from './view.ts';

/** A flush leaves in parts of about this many bytes: a reader's connection that is full holds one of them, and not all that came at once. */
const PART_BYTES = 128 * 1024;

/** What leaves in one write for every reader of a view that keeps up: a flush, or a part of one. */
export interface Batch {
  /** In order; none where the bytes are of no event of the bus. */
  readonly frames: readonly Frame[];
  readonly bytes: Buffer;
  /** The newest sequence that is settled by it. */
  readonly position: number;
  /** For readers that take an encoding. */
  readonly blocks: EncodedBatch;
}

export class ViewGroup {
  readonly view: View;
  readonly #ranks = new ReaderRanks();
  readonly #counts: StreamCounts;
  readonly #shown: ShownFrames;
  #pending: Frame[] = [];
  /** What the prompt readers have, and the others do not yet. */
  #halfSent: readonly Batch[] | null = null;
  /** Sent to each reader since the last look at all of them. */
  bytesSinceLook = 0;
  readonly #encodings: ViewEncodings;

  constructor(view: View, counts: StreamCounts, shown: ShownFrames) {
    this.view = view;
    this.#counts = counts;
    this.#shown = shown;
    this.#encodings = new ViewEncodings(counts);
  }

  get size(): number {
    return this.#ranks.prompt.length + this.#ranks.others.length;
  }

  get subscribers(): Subscriber[] {
    return [...this.#ranks.prompt, ...this.#ranks.others];
  }

  /** How many readers take an encoding. */
  get compressed(): number {
    return this.#encodings.readers;
  }

  add(subscriber: Subscriber): void {
    this.#ranks.add(subscriber);
    if (subscriber.encoded !== null) this.#encodings.add(subscriber.encoded.codec);
  }

  remove(subscriber: Subscriber): void {
    this.#ranks.remove(subscriber);
    if (subscriber.encoded !== null) this.#encodings.remove(subscriber.encoded.codec);
  }

  /** Prompt readers are those that were seen to take what they are given. */
  setPrompt(subscriber: Subscriber, isPrompt: boolean): void {
    if (subscriber.isPrompt !== isPrompt) this.#ranks.move(subscriber, isPrompt);
  }

  /** True when the frame waits for the next flush. */
  offer(published: Frame): boolean {
    const frame = this.#shown.of(published, this.view);
    if (frame === null) return false;
    this.#pending.push(frame);
    return true;
  }

  flush(): void {
    this.flushPrompt();
    this.flushOthers();
  }

  /** To be followed by `flushOthers` in the same turn. */
  flushPrompt(): void {
    const frames = this.#pending;
    if (frames.length === 0) return;
    this.#pending = [];
    this.#halfSent = inParts(frames).map((part) =>
      this.#batchOf(part, joined(part), part[part.length - 1]!.sequence),
    );
    deliver(this.#halfSent, this.#ranks.prompt);
    for (const frame of frames) this.#counts.addSent(frame.name, this.size);
  }

  flushOthers(): void {
    if (this.#halfSent !== null) deliver(this.#halfSent, this.#ranks.others);
    this.#halfSent = null;
  }

  /** Bytes without frames go only to readers that keep up. */
  send(bytes: Buffer, position: number): void {
    const batches = [this.#batchOf([], bytes, position)];
    deliver(batches, this.#ranks.prompt);
    deliver(batches, this.#ranks.others);
  }

  #batchOf(frames: readonly Frame[], bytes: Buffer, position: number): Batch {
    this.bytesSinceLook += bytes.length;
    return { frames, bytes, position, blocks: this.#encodings.encode(bytes) };
  }
}

/** Backwards: one that is cut while it is given the batches makes room for one that had them. */
function deliver(batches: readonly Batch[], subscribers: readonly Subscriber[]): void {
  for (let place = subscribers.length - 1; place >= 0; place--) subscribers[place]!.deliver(batches);
}

function inParts(frames: readonly Frame[]): (readonly Frame[])[] {
  const parts: (readonly Frame[])[] = [];
  let start = 0;
  let bytes = 0;
  for (const [at, frame] of frames.entries()) {
    bytes += frame.bytes.length;
    if (bytes < PART_BYTES) continue;
    parts.push(frames.slice(start, at + 1));
    start = at + 1;
    bytes = 0;
  }
  if (start < frames.length) parts.push(start === 0 ? frames : frames.slice(start));
  return parts;
}

function joined(frames: readonly Frame[]): Buffer {
  return frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map((frame) => frame.bytes));
}
