/**
 * A subscriber: one open stream, after its head was written only a transport and what waits for it.
 *
 * It is either flowing (the transport took all it was given; batches shared by its view are written as they
 * come) or backed up (what comes goes to its outbox, and leaves in slices as the transport drains).
 */
import { formatCursor } from '../../shared/cursor.ts';
import { Backlog } from './backlog.ts';
import type { EncodedStream } from './compression/encoded-stream.ts';
import { sseBlock, type Frame } from './frame.ts';
import { Outbox } from './outbox.ts';
import type { CutReason, StreamCounts } from './stream-counts.ts';
import type { StreamProtocol, Transport } from './transport.ts';
import type { Batch } from './view-group.ts';
import type { View } from './view.ts';

/** A reader that is slow by nature has fewer lines waiting: the newest numbers are behind them. */
const SLOW_LOG_BYTES = 16 * 1024;
/** A reader that keeps up takes what came at once within this time, however much that is. */
const BURST_MS = 2_000;

const nothing = Buffer.alloc(0);

/** What all subscribers of a hub share. */
export interface StreamBounds {
  epoch: string;
  /** What one reader may have waiting, in bytes. */
  outboxBytes: number;
  counts: StreamCounts;
  onEnd: (subscriber: Subscriber) => void;
}

export interface SubscriberOptions {
  transport: Transport;
  view: View;
  /** Whose it is, for limits: a token or session, and a remote address. */
  credential: string;
  address: string;
  /** Null: plain text. */
  encoded: EncodedStream | null;
  bounds: StreamBounds;
}

export class Subscriber {
  readonly view: View;
  readonly credential: string;
  readonly address: string;
  /** Whether it was seen to take what it is given, and its place among those of its view that are alike: see `ReaderRanks`. */
  isPrompt = false;
  place = -1;
  /** When it is asked to come back elsewhere, by `performance.now()`. */
  rotateAt = Infinity;
  // All that a batch needs stands together: with thousands of readers, memory is what each delivery waits for.
  readonly encoded: EncodedStream | null;
  readonly #transport: Transport;
  readonly #bounds: StreamBounds;
  /** Sequence of the newest event handed to the transport or to `#backlog`: all before it is settled. */
  #position = 0;
  /** Null while flowing. */
  #backlog: Backlog | null = null;
  #isEnding = false;

  constructor({ transport, view, credential, address, encoded, bounds }: SubscriberOptions) {
    this.view = view;
    this.credential = credential;
    this.address = address;
    this.encoded = encoded;
    this.#transport = transport;
    this.#bounds = bounds;
    transport.onClose(() => bounds.onEnd(this));
  }

  get isFlowing(): boolean {
    return this.#backlog === null && !this.#isEnding;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  get transport(): Transport {
    return this.#transport;
  }

  /** Bytes that wait for this reader in the hub's memory. */
  get waitingBytes(): number {
    return this.#transport.backlog + (this.#backlog?.bytes ?? 0);
  }

  /**
   * Head, then snapshot or replay: everything up to `position`, as it goes over the wire. Called once, before the first
   * `deliver`.
   */
  begin(blocks: readonly Buffer[], position: number): void {
    this.#position = position;
    this.#backlog = new Backlog(blocks, true);
    this.#pump();
  }

  /**
   * `batches` are what one flush holds. What the transport does not take of them is no debt of the reader's yet: they go on to it as it
   * drains, and only what comes with later flushes goes to its outbox.
   */
  deliver(batches: readonly Batch[]): void {
    if (this.#isEnding) return;
    if (this.#backlog !== null) return this.#keep(framesOf(batches), this.#backlog);
    for (let next = 0; next < batches.length;) {
      if (!this.#write(this.#bytesOf(batches[next++]!))) return this.backUp(batches.slice(next));
    }
  }

  /** From now on what comes waits until all that was written before, and `burst`, is taken. */
  backUp(burst: readonly Batch[] = []): void {
    this.encoded?.settle();
    this.#backlog = new Backlog([], false, burst);
    this.#awaitDrain();
  }

  /** Of a burst that it did not take in time, the reader gets what any reader that is behind gets: its lines may be counted. */
  endBurst(now: number): void {
    if (this.#backlog === null || this.#isEnding) return;
    this.#keep(this.#backlog.overdueBurst(now, BURST_MS), this.#backlog);
  }

  /** Ends the stream at once. The reader resumes by its cursor. */
  cut(reason: CutReason): void {
    if (this.#transport.isClosed) return;
    this.#isEnding = true;
    this.#bounds.counts.cuts[reason]++;
    this.#transport.cut();
  }

  /** Ends the stream after `block`; one that is backed up cannot take it and is cut. */
  end(block: Buffer, reason: CutReason): void {
    if (!this.isFlowing) return this.cut(reason);
    const { counts } = this.#bounds;
    const bytes = this.encoded === null ? block : this.encoded.end(block);
    this.#isEnding = true;
    counts.cuts[reason]++;
    counts.addSent('bye');
    counts.bytesOut += bytes.length;
    counts.writes++;
    this.#transport.end(bytes);
  }

  /** For what has ended and does not go: nothing is counted any more. */
  destroy(): void {
    this.#transport.cut();
  }

  isStalled(now: number, limitMs: number): boolean {
    return this.#backlog !== null && now - this.#backlog.progressAt > limitMs;
  }

  /** The kernel took all, but the reader does not keep up: what comes waits here, where it can be conflated. */
  hold(): void {
    if (!this.isFlowing) return;
    this.encoded?.settle();
    this.#backlog = new Backlog([], false);
    this.#backlog.isHeld = true;
  }

  get isHeld(): boolean {
    return this.#backlog?.isHeld ?? false;
  }

  release(): void {
    this.#backlog!.isHeld = false;
    this.#pump();
  }

  /** The kernel has passed something on to the reader, which the transport cannot tell. */
  noteProgress(now: number): void {
    if (this.#backlog !== null) this.#backlog.progressAt = now;
  }

  #keep(frames: readonly Frame[], backlog: Backlog): void {
    const { counts, outboxBytes } = this.#bounds;
    if (frames.length === 0) return;
    backlog.outbox ??= backlog.isHeld ? new Outbox(outboxBytes, SLOW_LOG_BYTES) : new Outbox(outboxBytes);
    const elsewhere = backlog.isOpening ? 0 : this.#transport.backlog + backlog.blockBytes;
    for (const frame of frames) {
      const fate = backlog.outbox.add(frame, elsewhere);
      if (fate === 'overflow') return this.cut('overflow');
      if (fate !== 'waits') counts[fate]++;
    }
  }

  /** As the reader takes it; it is settled with that. */
  #bytesOf({ bytes, blocks, position }: Batch): Buffer {
    this.#position = position;
    return this.encoded === null ? bytes : this.encoded.shared(blocks.get(this.encoded.codec)!);
  }

  #write(bytes: Buffer): boolean {
    const { counts } = this.#bounds;
    counts.bytesOut += bytes.length;
    counts.writes++;
    return this.#transport.write(bytes);
  }

  /** Node tells of `drain` only past its high-water mark; a write of nothing tells when all before it is taken. */
  #awaitDrain(): void {
    this.#backlog!.progressAt = performance.now();
    this.#transport.write(nothing, (error) => {
      if (!error) this.#pump();
    });
  }

  /** Writes slices until the transport is full again, or all is written: then batches flow once more. */
  #pump(): void {
    for (;;) {
      const slice = this.#nextSlice();
      if (slice === null) break;
      if (!this.#write(slice)) return this.#awaitDrain();
    }
    this.#backlog = null;
  }

  /** Null when nothing waits any more. */
  #nextSlice(): Buffer | null {
    const backlog = this.#backlog!;
    const slice = backlog.nextSlice();
    if (slice !== null) return this.encoded === null || backlog.isOpening ? slice : this.encoded.own(slice);
    const next = backlog.nextOfBurst();
    if (next !== null) return this.#bytesOf(next);
    if (!backlog.outbox || backlog.outbox.isEmpty) return null;
    this.#unpack(backlog.outbox);
    return this.#nextSlice();
  }

  /**
   * Gaps go first and carry the cursor before them: a reader that is lost in the middle then resumes where
   * nothing was left out yet, and gets it all.
   */
  #unpack(outbox: Outbox): void {
    const { frames, gaps } = outbox.take();
    const before = formatCursor(this.#bounds.epoch, this.#position);
    const gapBlocks = gaps.map((gap) => Buffer.from(sseBlock('gap', before, gap)));
    this.#bounds.counts.gaps += gaps.length;
    this.#backlog = new Backlog([...gapBlocks, ...frames.map((frame) => frame.bytes)], false);
    this.#position = frames.at(-1)?.sequence ?? this.#position;
  }

  get protocol(): StreamProtocol {
    return this.#transport.protocol;
  }
}

function framesOf(batches: readonly Batch[]): readonly Frame[] {
  return batches.length === 1 ? batches[0]!.frames : batches.flatMap(({ frames }) => frames);
}
