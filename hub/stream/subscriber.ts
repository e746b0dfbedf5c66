/**
 * A subscriber: one open stream, after its head was written only a socket and what waits for it.
 *
 * It is either flowing (the kernel took all it was given; batches shared by its view are written as they
 * come) or backed up (what comes goes to its outbox, and leaves in slices as the socket drains).
 */
import { formatCursor } from '../../shared/cursor.ts';
import type { Frame } from './frame.ts';
import { sseBlock } from './frame.ts';
import { Outbox } from './outbox.ts';
import type { CutReason, StreamCounts } from './stream-counts.ts';
import type { StreamProtocol, Transport } from './transport.ts';
import type { View } from './view.ts';

/** What one write to a backed-up socket holds: small, so that progress shows. */
const SLICE_BYTES = 64 * 1024;
const nothing = Buffer.alloc(0);

export interface SubscriberOptions {
  transport: Transport;
  view: View;
  /** Whose it is, for limits: a token or session, and a remote address. */
  credential: string;
  address: string;
  epoch: string;
  outboxBytes: number;
  counts: StreamCounts;
  onEnd: (subscriber: Subscriber) => void;
}

export class Subscriber {
  readonly view: View;
  readonly credential: string;
  readonly address: string;
  readonly #transport: Transport;
  readonly #epoch: string;
  readonly #outboxBytes: number;
  readonly #counts: StreamCounts;
  /** Sequence of the newest event handed to the socket or to `#blocks`: all before it is settled. */
  #position = 0;
  /** Whole SSE blocks that wait for the socket, from `#next` on; null while flowing. */
  #blocks: readonly Buffer[] | null = null;
  #next = 0;
  #blockBytes = 0;
  /** True until snapshot or replay are written: these are what the reader asked for, whatever their size. */
  #isOpening = true;
  #outbox: Outbox | null = null;
  #isEnding = false;
  /** When the socket last took something, by `performance.now()`. */
  #progressAt = 0;

  constructor(options: SubscriberOptions) {
    this.view = options.view;
    this.credential = options.credential;
    this.address = options.address;
    this.#transport = options.transport;
    this.#epoch = options.epoch;
    this.#outboxBytes = options.outboxBytes;
    this.#counts = options.counts;
    options.transport.onClose(() => options.onEnd(this));
  }

  get isFlowing(): boolean {
    return this.#blocks === null && !this.#isEnding;
  }

  get protocol(): StreamProtocol {
    return this.#transport.protocol;
  }

  /** Bytes that wait for this reader in the hub's memory. */
  get waitingBytes(): number {
    return this.#transport.backlog + this.#blockBytes + (this.#outbox?.bytes ?? 0);
  }

  /** Head, then snapshot or replay: everything up to `position`. Called once, before the first `deliver`. */
  begin(blocks: readonly Buffer[], position: number): void {
    this.#queue(blocks, position);
    this.#pump();
  }

  /** `batch` is the bytes of `frames`, shared by every subscriber of the view. */
  deliver(frames: readonly Frame[], batch: Buffer): void {
    if (this.#isEnding) return;
    if (this.#blocks === null) return this.writeBlock(batch, frames[frames.length - 1]!.sequence);
    this.#outbox ??= new Outbox(this.#outboxBytes);
    const elsewhere = this.#isOpening ? 0 : this.#transport.backlog + this.#blockBytes;
    for (const frame of frames) {
      const fate = this.#outbox.add(frame, elsewhere);
      if (fate === 'overflow') return this.cut('overflow');
      if (fate !== 'waits') this.#counts[fate]++;
    }
  }

  /** Only while flowing, so that it keeps its place. `position` is the newest sequence it settles. */
  writeBlock(block: Buffer, position: number): void {
    this.#position = position;
    this.#write(block);
    if (this.#transport.backlog > this.#transport.slackBytes) this.#backUp();
  }

  /** Ends the stream at once. The reader resumes by its cursor. */
  cut(reason: CutReason): void {
    if (this.#transport.isClosed) return;
    this.#isEnding = true;
    this.#counts.cuts[reason]++;
    this.#transport.cut();
  }

  /** Ends the stream after `block`; one that is backed up cannot take it and is cut. */
  end(block: Buffer, reason: CutReason): void {
    if (!this.isFlowing) return this.cut(reason);
    this.#isEnding = true;
    this.#counts.cuts[reason]++;
    this.#counts.bytesOut += block.length;
    this.#counts.writes++;
    this.#transport.end(block);
  }

  destroy(): void {
    this.#transport.cut();
  }

  isStalled(now: number, limitMs: number): boolean {
    return this.#blocks !== null && now - this.#progressAt > limitMs;
  }

  #write(bytes: Buffer): void {
    this.#counts.bytesOut += bytes.length;
    this.#counts.writes++;
    this.#transport.write(bytes);
  }

  #backUp(): void {
    this.#queue([], this.#position);
    this.#awaitDrain();
  }

  /** Node tells of `drain` only past its high-water mark; a write of nothing tells when all before it is taken. */
  #awaitDrain(): void {
    this.#progressAt = performance.now();
    this.#transport.write(nothing, (error) => {
      if (!error) this.#pump();
    });
  }

  /** Writes slices until the socket is full again, or all is written: then batches flow once more. */
  #pump(): void {
    for (;;) {
      const slice = this.#nextSlice();
      if (slice === null) break;
      this.#write(slice);
      if (this.#transport.backlog > this.#transport.slackBytes) return this.#awaitDrain();
    }
    this.#blocks = null;
    this.#outbox = null;
    this.#isOpening = false;
  }

  /** The next whole blocks, about `SLICE_BYTES` of them; null when nothing waits any more. */
  #nextSlice(): Buffer | null {
    if (this.#next === this.#blocks!.length) {
      if (!this.#outbox || this.#outbox.isEmpty) return null;
      this.#unpack(this.#outbox);
    }
    const start = this.#next;
    let bytes = 0;
    while (this.#next < this.#blocks!.length && bytes < SLICE_BYTES)
      bytes += this.#blocks![this.#next++]!.length;
    this.#blockBytes -= bytes;
    const blocks = this.#blocks!.slice(start, this.#next);
    return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks, bytes);
  }

  /**
   * Gaps go first and carry the cursor before them: a reader that is lost in the middle then resumes where
   * nothing was left out yet, and gets it all.
   */
  #unpack(outbox: Outbox): void {
    const { frames, gaps } = outbox.take();
    const before = formatCursor(this.#epoch, this.#position);
    const gapBlocks = gaps.map((gap) => Buffer.from(sseBlock('gap', before, gap)));
    this.#counts.gaps += gaps.length;
    this.#isOpening = false;
    this.#queue(
      [...gapBlocks, ...frames.map((frame) => frame.bytes)],
      frames.at(-1)?.sequence ?? this.#position,
    );
  }

  #queue(blocks: readonly Buffer[], position: number): void {
    this.#blocks = blocks;
    this.#next = 0;
    this.#blockBytes = blocks.reduce((sum, block) => sum + block.length, 0);
    this.#position = position;
  }
}
