/**
 * A subscriber: one open stream, after its head was written only a socket and what waits for it.
 *
 * It is either flowing (the kernel took all it was given; batches shared by its view are written as they
 * come) or backed up (what comes goes to its outbox, and leaves in slices as the socket drains).
 */
import type { Socket } from 'node:net';
import { formatCursor } from '../../shared/cursor.ts';
import type { Frame } from './frame.ts';
import { sseBlock } from './frame.ts';
import { Outbox } from './outbox.ts';
import type { CutReason, StreamCounts } from './stream-counts.ts';
import type { View } from './view.ts';

/** What one write to a backed-up socket holds: small, so that progress shows. */
const SLICE_BYTES = 64 * 1024;
const nothing = Buffer.alloc(0);

export interface SubscriberOptions {
  socket: Socket;
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
  readonly #socket: Socket;
  readonly #epoch: string;
  readonly #outboxBytes: number;
  readonly #counts: StreamCounts;
  /** Sequence of the newest event handed to the socket or to `#slices`: all before it is settled. */
  #position = 0;
  /** Waits in order for the socket; null while flowing. */
  #slices: Buffer[] | null = null;
  #sliceBytes = 0;
  #outbox: Outbox | null = null;
  /** When the socket last took something, by `performance.now()`. */
  #progressAt = 0;

  constructor(options: SubscriberOptions) {
    this.view = options.view;
    this.credential = options.credential;
    this.address = options.address;
    this.#socket = options.socket;
    this.#epoch = options.epoch;
    this.#outboxBytes = options.outboxBytes;
    this.#counts = options.counts;
    const socket = options.socket;
    socket.once('close', () => options.onEnd(this));
    socket.on('error', () => socket.destroy());
    // A stream has nothing to read: what comes is discarded, and the reader's end is seen.
    socket.on('end', () => socket.destroy());
    socket.resume();
  }

  get isFlowing(): boolean {
    return this.#slices === null;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Bytes that wait for this reader, in the hub's memory. */
  get waitingBytes(): number {
    return this.#socket.writableLength + this.#sliceBytes + (this.#outbox?.bytes ?? 0);
  }

  /** Head, snapshot or replay: everything up to `position`, before the first `deliver`. */
  begin(parts: Buffer[], position: number): void {
    this.#position = position;
    this.#slices = parts.flatMap(slicesOf);
    this.#sliceBytes = 0;
    this.#pump();
  }

  /** `batch` is the bytes of `frames`, shared by every subscriber of the view. */
  deliver(frames: readonly Frame[], batch: Buffer): void {
    if (this.#slices === null) {
      this.#position = frames[frames.length - 1]!.sequence;
      this.#write(batch);
      if (this.#socket.writableLength > 0) this.#backUp();
      return;
    }
    this.#outbox ??= new Outbox(this.#outboxBytes);
    for (const frame of frames) {
      const fate = this.#outbox.add(frame, this.#socket.writableLength + this.#sliceBytes);
      if (fate === 'overflow') return this.cut('overflow');
      if (fate !== 'waits') this.#counts[fate]++;
    }
  }

  /** A block of the stream itself, such as `ping`; only while flowing, so that it keeps its place. */
  writeBlock(block: Buffer, position: number): void {
    this.#position = position;
    this.#write(block);
    if (this.#socket.writableLength > 0) this.#backUp();
  }

  /** Ends the stream at once. The reader resumes by its cursor. */
  cut(reason: CutReason): void {
    if (this.#socket.destroyed) return;
    this.#counts.cuts[reason]++;
    // A reset also frees what the kernel holds for a reader that takes nothing.
    this.#socket.resetAndDestroy();
  }

  /** Ends the stream after `block`; one that is backed up cannot take it and is cut. */
  end(block: Buffer, reason: CutReason): void {
    if (!this.isFlowing) return this.cut(reason);
    this.#counts.cuts[reason]++;
    this.#socket.end(block);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  isStalled(now: number, limitMs: number): boolean {
    return this.#slices !== null && now - this.#progressAt > limitMs;
  }

  #write(bytes: Buffer): void {
    this.#counts.bytesOut += bytes.length;
    this.#counts.writes++;
    this.#socket.write(bytes);
  }

  #backUp(): void {
    this.#slices = [];
    this.#awaitDrain();
  }

  /** Node tells of `drain` only past its high-water mark; a write of nothing tells when all before it is taken. */
  #awaitDrain(): void {
    this.#progressAt = performance.now();
    this.#socket.write(nothing, (error) => {
      if (!error) this.#pump();
    });
  }

  /** Writes slices until the socket is full again, or all is written: then batches flow once more. */
  #pump(): void {
    for (;;) {
      const slice = this.#nextSlice();
      if (slice === undefined) break;
      this.#write(slice);
      if (this.#socket.writableLength > 0) return this.#awaitDrain();
    }
    this.#slices = null;
    this.#outbox = null;
  }

  #nextSlice(): Buffer | undefined {
    if (this.#slices!.length === 0 && this.#outbox && !this.#outbox.isEmpty) this.#unpack(this.#outbox);
    const slice = this.#slices!.shift();
    this.#sliceBytes = Math.max(0, this.#sliceBytes - (slice?.length ?? 0));
    return slice;
  }

  /**
   * Gaps go first and carry the cursor before them: a reader that is lost in the middle then resumes where
   * nothing was left out yet, and gets it all.
   */
  #unpack(outbox: Outbox): void {
    const { frames, gaps } = outbox.take();
    const before = formatCursor(this.#epoch, this.#position);
    const blocks = gaps.map((gap) => Buffer.from(sseBlock('gap', before, gap)));
    this.#counts.gaps += gaps.length;
    const parts = [...blocks, ...frames.map((frame) => frame.bytes)];
    this.#slices = joinedSlices(parts);
    this.#sliceBytes = parts.reduce((sum, part) => sum + part.length, 0);
    this.#position = frames.at(-1)?.sequence ?? this.#position;
  }
}

function slicesOf(part: Buffer): Buffer[] {
  if (part.length <= SLICE_BYTES) return [part];
  const slices: Buffer[] = [];
  for (let start = 0; start < part.length; start += SLICE_BYTES)
    slices.push(part.subarray(start, start + SLICE_BYTES));
  return slices;
}

/** Whole blocks, joined to slices of about `SLICE_BYTES`. */
export function joinedSlices(parts: readonly Buffer[]): Buffer[] {
  const slices: Buffer[] = [];
  let open: Buffer[] = [];
  let openBytes = 0;
  for (const part of parts) {
    open.push(part);
    openBytes += part.length;
    if (openBytes < SLICE_BYTES) continue;
    slices.push(Buffer.concat(open, openBytes));
    open = [];
    openBytes = 0;
  }
  if (openBytes > 0) slices.push(Buffer.concat(open, openBytes));
  return slices;
}
