/** The log itself: who writes when, what is sealed when, and what goes when there is no more room. */
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { FolderLock } from './folder-lock.ts';
import { PendingRecords, recordsOf, type PendingChunk } from './pending-records.ts';
import { frameRecord, MAX_PAYLOAD_BYTES, RECORD_HEADER_BYTES } from './record-format.ts';
import type { Recovered } from './recover-segments.ts';
import { encodeSegmentHeader, SegmentFile } from './segment-file.ts';
import { isDiskFull, writingFailed, type SegmentLogError } from './segment-log-error.ts';
import type {
  DropReason,
  KeptRecord,
  ReadBlock,
  ReadPosition,
  Segment,
  SegmentLog,
  SegmentLogCounts,
  SegmentLogOptions,
  UnwrittenRecord,
} from './segment-log.ts';
import { beginOf, SegmentReader } from './segment-reader.ts';

const DEFAULT_PENDING_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
/** How much too long a record may stay because its segment is not old enough as a whole: a part of `maxAgeMs`. */
const AGE_PARTS = 96;

/** After a segment made room the disk counts as full for so long, since the next one will have to go soon. */
const FULL_SETTLES_MS = 60_000;

interface Active {
  readonly segment: SegmentFile;
  readonly handle: FileHandle;
  /** True while the folder's entry of it may not be on disk yet. */
  isEntryUnsynced: boolean;
}

export class DiskSegmentLog implements SegmentLog {
  readonly #options: SegmentLogOptions;
  readonly #lock: FolderLock;
  readonly #reader: SegmentReader;
  readonly #segments: SegmentFile[];
  readonly #pending = new PendingRecords();
  readonly #openedAt = performance.now();
  /** Of earlier processes; see `SegmentTimes.openMs`. */
  readonly #openMsBefore: number;
  readonly #counts: { dropped: number; damaged: number };
  #active: Active | null = null;
  #nextNumber: number;
  #written: number;
  /** Whatever touches the files waits for this: one at a time, in the order asked for. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** A flush that was asked for and has not begun: it will take all that is appended until it does. */
  #waitingFlush: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** The chunk that is being written must not go meanwhile. */
  #writing: PendingChunk | null = null;
  #trouble: SegmentLogError | null = null;
  /** By performance.now(). */
  #fullUntil = 0;
  /** True where records were let go that a `flush` has still to answer for. */
  #isOverrun = false;
  #isClosed = false;

  constructor(options: SegmentLogOptions, lock: FolderLock, { segments, damaged }: Recovered) {
    this.#options = options;
    this.#lock = lock;
    this.#reader = new SegmentReader(options.dir);
    this.#segments = segments;
    this.#counts = { dropped: 0, damaged };
    this.#openMsBefore = Math.max(0, ...segments.map(({ openMs }) => openMs));
    this.#written = segments.at(-1)?.last ?? 0;
    this.#nextNumber = this.#written + 1;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get written(): number {
    return this.#written;
  }

  get waitingBytes(): number {
    return this.#pending.bytes;
  }

  get counts(): SegmentLogCounts {
    return this.#counts;
  }

  append(payload: Buffer): number {
    if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError('A record holds 16 MiB at most.');
    const number = this.#nextNumber++;
    this.#pending.add(number, payload);
    this.#forgetTooMany();
    if (!this.#timer && !this.#isClosed) this.#armTimer();
    return number;
  }

  flush(): Promise<void> {
    return (this.#waitingFlush ??= this.#inTurn(async () => {
      this.#waitingFlush = null;
      this.#options.beforeWrite?.();
      this.#clearTimer();
      try {
        await this.#writePending();
      } finally {
        if (this.#pending.bytes > 0 && !this.#isClosed) this.#armTimer();
      }
    }));
  }

  seal(): Promise<void> {
    return this.#inTurn(() => this.#sealActive());
  }

  free(segment: Segment): Promise<void> {
    return this.#inTurn(async () => {
      // Not the active one: it may have got records that its caller has not seen.
      if (segment.isSealed) await this.#remove(segment);
    });
  }

  async *records(): AsyncGenerator<KeptRecord, void, undefined> {
    for (let from: ReadPosition | null = null; ;) {
      const block: ReadBlock = await this.read(from, READ_BYTES);
      yield* block.records;
      if (block.isEnd) return;
      from = block.next;
    }
  }

  async read(from: ReadPosition | null, maxBytes: number): Promise<ReadBlock> {
    const block = await this.#reader.read(this.#segments, from, maxBytes);
    for (const { count, isNew } of block.damaged) if (isNew) this.#counts.damaged += count;
    return block;
  }

  unwritten(): UnwrittenRecord[] {
    return this.#pending.chunks().flatMap(recordsOf);
  }

  async contents(segment: Segment): Promise<KeptRecord[]> {
    const records: KeptRecord[] = [];
    for (let from = beginOf(segment.first); from.first === segment.first;) {
      const block = await this.read(from, READ_BYTES);
      records.push(...block.records);
      if (block.isEnd) break;
      from = block.next;
    }
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return this.#lastTurn.then(() => {});
    this.#isClosed = true;
    await this.flush().catch(() => {});
    await this.#inTurn(async () => {
      this.#clearTimer();
      await this.#sealActive().catch(() => this.#closeActive());
    }).catch(() => {});
    this.#lock[Symbol.dispose]();
  }

  #armTimer(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush().catch(() => {}); // reported
    }, this.#options.flushMs);
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#lastTurn.then(work);
    this.#lastTurn = done.catch(() => {});
    return done;
  }

  /** All that was appended before. Throws a `SegmentLogError`. */
  async #writePending(): Promise<void> {
    const upTo = this.#nextNumber - 1;
    const hadSome = this.#pending.bytes > 0;
    try {
      if (this.#isOverrun) throw new Error('the disk is too slow');
      for (let chunk = this.#pending.oldest(upTo); chunk; chunk = this.#pending.oldest(upTo)) {
        await this.#writeChunk(chunk);
        this.#pending.remove(chunk);
      }
      if (hadSome) await this.#syncActive();
      this.#written = upTo;
    } catch (cause) {
      // What the disk has of a file whose write or sync failed is unknown: nothing is appended to it any more.
      if (!isDiskFull(cause)) await this.#closeActive();
      if (this.#options.whenFull === 'refuse') this.#forgetPending(upTo);
      const trouble = writingFailed(this.#options.dir, cause);
      this.#tell(trouble);
      throw trouble;
    } finally {
      this.#isOverrun = false;
    }
    if (performance.now() >= this.#fullUntil) this.#tell(null);
  }

  async #writeChunk(chunk: PendingChunk): Promise<void> {
    this.#writing = chunk;
    try {
      for (;;) {
        await this.#makeRoom(chunk.bytes.length);
        try {
          await this.#writeToActive(chunk);
          return;
        } catch (error) {
          const [oldest] = this.#segments;
          const canDrop = oldest !== undefined && oldest !== this.#active?.segment;
          if (!isDiskFull(error) || this.#options.whenFull === 'refuse' || !canDrop) throw error;
          await this.#drop(oldest, 'disk-full');
          await this.#sealActive(); // the next one's head tells what went
          // Written, but at a price: that is told, and not taken back while it goes on.
          this.#fullUntil = performance.now() + FULL_SETTLES_MS;
          this.#tell(writingFailed(this.#options.dir, error));
        }
      }
    } finally {
      this.#writing = null;
    }
  }

  async #writeToActive(chunk: PendingChunk): Promise<void> {
    const active = (this.#active ??= await this.#begin(chunk.first));
    const { segment, handle } = active;
    await writeAt(handle, chunk.bytes, segment.bytes);
    segment.bytes += chunk.bytes.length;
    segment.last = chunk.last;
  }

  /**
   * Seals the active segment where the chunk belongs into a new one, and drops what the bounds leave no room for then: what
   * `dropping` learns is in the head that follows.
   */
  async #makeRoom(bytes: number): Promise<void> {
    const { segmentBytes, maxBytes } = this.#options;
    const active = this.#active?.segment;
    if (active) {
      const isFull = active.bytes + bytes > segmentBytes;
      const follows = active.last + 1 === this.#writing!.first;
      if (!isFull && follows && !this.#isOld(active, AGE_PARTS)) return;
      await this.#sealActive();
    }
    const room = Math.max(segmentBytes, bytes);
    for (let [oldest] = this.#segments; oldest; [oldest] = this.#segments) {
      const total = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
      const why = total + room > maxBytes ? 'size' : this.#isOld(oldest, 1) ? 'age' : null;
      if (!why) break;
      await this.#drop(oldest, why);
    }
  }

  #isOld(segment: SegmentFile, parts: number): boolean {
    const { maxAgeMs } = this.#options;
    return maxAgeMs !== null && this.#openMs() - segment.openMs > maxAgeMs / parts;
  }

  #openMs(): number {
    return this.#openMsBefore + performance.now() - this.#openedAt;
  }

  async #begin(first: number): Promise<Active> {
    const times = { since: Date.now(), openMs: this.#openMs() };
    const opening = [encodeSegmentHeader(times)];
    const head = this.#options.head?.() ?? null;
    if (head) {
      const framed = Buffer.allocUnsafe(RECORD_HEADER_BYTES + head.length);
      frameRecord(framed, 0, first, head, true);
      opening.push(framed);
    }
    const bytes = Buffer.concat(opening);
    const segment = new SegmentFile(this.#options.dir, first, first - 1, bytes.length, times, false);
    const handle = await this.#createFile(segment.path);
    try {
      await writeAt(handle, bytes, 0);
    } catch (error) {
      await handle.close();
      await rm(segment.path, { force: true });
      throw error;
    }
    this.#segments.push(segment);
    return { segment, handle, isEntryUnsynced: true };
  }

  /** The folder may have been removed by hand meanwhile: made again. */
  async #createFile(file: string): Promise<FileHandle> {
    try {
      return await open(file, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await mkdir(this.#options.dir, { recursive: true, mode: 0o700 });
      return open(file, 'wx', 0o600);
    }
  }

  async #syncActive(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    await active.handle.datasync();
    if (active.isEntryUnsynced) await syncFolder(this.#options.dir);
    active.isEntryUnsynced = false;
  }

  async #sealActive(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    await this.#syncActive();
    await this.#closeActive();
    const { segment } = active;
    // One that lost all it had is no segment.
    if (segment.last < segment.first) await this.#remove(segment);
  }

  /** Sealed by its name even where the sync failed: the whole records in it are worth reading. */
  async #closeActive(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    this.#active = null;
    const { segment, handle } = active;
    // A write that failed half-way left bytes behind the last whole record.
    await handle.truncate(segment.bytes).catch(() => {});
    await handle.close().catch(() => {});
    const unsealed = segment.path;
    segment.isSealed = segment.hasSealedName = true;
    try {
      await rename(unsealed, segment.path);
    } catch {
      segment.hasSealedName = false;
    }
  }

  async #drop(segment: SegmentFile, why: DropReason): Promise<void> {
    await this.#options.dropping?.(segment, why);
    this.#counts.dropped += segment.last - segment.first + 1;
    await this.#remove(segment);
  }

  async #remove(segment: Segment): Promise<void> {
    const at = this.#segments.indexOf(segment as SegmentFile);
    if (at === -1) return;
    const [removed] = this.#segments.splice(at, 1);
    await rm(removed!.path, { force: true }).catch(() => {});
  }

  /** The disk does not keep up, or is full: the oldest in memory go. */
  #forgetTooMany(): void {
    const most = this.#options.maxPendingBytes ?? DEFAULT_PENDING_BYTES;
    while (this.#pending.bytes > most) {
      const chunk = this.#pending.oldest();
      if (!chunk || chunk === this.#writing) return;
      if (this.#options.whenFull === 'refuse') this.#isOverrun = true;
      this.#forget(chunk);
    }
  }

  #forgetPending(upTo: number): void {
    for (let chunk = this.#pending.oldest(upTo); chunk; chunk = this.#pending.oldest(upTo))
      this.#forget(chunk);
  }

  #forget(chunk: PendingChunk): void {
    this.#pending.remove(chunk);
    this.#counts.dropped += chunk.last - chunk.first + 1;
    this.#options.forgotten?.(recordsOf(chunk));
  }

  #tell(trouble: SegmentLogError | null): void {
    if (trouble?.code === this.#trouble?.code) return;
    this.#trouble = trouble;
    this.#options.report?.(trouble);
  }
}

async function writeAt(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

/** A new file's name is on disk only when its folder is. Windows has no such call, and no such need. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(dir, 'r');
  await folder.sync();
}
