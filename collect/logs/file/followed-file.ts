/**
 * Follows one path through all its generations: reads the open one to its end, notices that the path
 * leads elsewhere, finishes the old one (and lingers on it, its writer may not know yet), goes on with the new.
 */
import type { BigIntStats } from 'node:fs';
import { LineSplitter, type LineSplitterOptions } from '../line-splitter.ts';
import { lastWriteNs, type FoundGeneration } from './earlier-generations.ts';
import { fileId, FileGeneration, refuseBinary } from './file-generation.ts';
import { tellFileTrouble } from './file-trouble.ts';
import { firstReading } from './first-reading.ts';
import type { FollowedFileOptions } from './followed-file-options.ts';
import type { FilePosition, KeptFile } from './kept-positions.ts';
import { LeftPositions } from './left-positions.ts';
import { LingeringGenerations } from './lingering-generations.ts';
import { openLogFile, type OpenedLogFile } from './open-log-file.ts';
import { readHead, type ReadingStart } from './read-content.ts';
import { SeenGenerations } from './seen-generations.ts';
import { statIfThere } from './stat-if-there.ts';
import { findUnseen } from './unseen-generations.ts';
import { WakeLoop, type WakeCause } from './wake-loop.ts';

/** A file may be there this long before a search finds it, and be rotated by then. */
const UNSEEN_NS = 60_000_000_000n;
/** A drain that takes longer than this is told as lagging. */
const LAG_AFTER_MS = 1_000;

export class FollowedFile {
  readonly path: string;
  /** Where the open file really is. */
  realPath: string;
  /** Who follows the same file under another name; null where nobody does. */
  aliasOf: FollowedFile | null = null;
  readonly loop: WakeLoop;

  readonly #options: FollowedFileOptions;
  #backlogBytes: number | null;
  /** How far files were read, by an earlier start too, that were not found again so far. */
  readonly #left: LeftPositions;
  #current: FileGeneration | null = null;
  /** Opened, but what came before it is not read yet. */
  #next: FileGeneration | null = null;
  readonly #seen: SeenGenerations;
  /** Rotated files were there before anything was followed: they are no news. */
  #hasOlder: boolean;
  readonly #lingering: LingeringGenerations;
  #seenMtimeNs = -1n;
  #isDisposed = false;

  constructor(options: FollowedFileOptions) {
    this.#options = options;
    this.path = options.path;
    this.realPath = options.path;
    this.#backlogBytes = options.backlogBytes;
    const { kept } = options;
    this.#left = new LeftPositions(kept?.open ?? [], {
      path: options.path,
      room: options.room,
      isOpen: this.#isOpen,
      isEnded: () => this.#isDisposed,
      createSplitter: (skipsFirstLine) => this.#splitter({ skipsFirstLine }),
      readOn: (found, start, splitter) => this.#readOn(found, start, splitter),
    });
    const firstNs = options.keptAtNs ?? BigInt(Date.now()) * 1_000_000n - UNSEEN_NS;
    this.#seen = new SeenGenerations(kept ?? { seen: [], seenBeforeNs: firstNs.toString() });
    this.#hasOlder = kept === null && options.keptAtNs === null && options.backlogBytes !== null;
    this.#lingering = new LingeringGenerations(
      (generation, writtenNs) => this.#close(generation, writtenNs),
      options.lingerMs,
    );
    this.loop = new WakeLoop({
      pauseMs: options.readPauseMs,
      follow: (isLook) => this.#follow(isLook).catch((error: unknown) => this.#fail(error)),
      poll: () => this.#poll().catch((error: unknown) => this.#fail(error)),
      grewAt: () => Math.max(...this.#open.map(({ grewAt }) => grewAt)),
    });
    for (const position of [...(kept?.seen ?? []), ...this.#left.all]) options.ledger.learn(position);
  }

  get isOpen(): boolean {
    return this.#current !== null;
  }

  /** True where nothing is under the path. */
  get isGone(): boolean {
    return this.#options.status.state === 'waiting';
  }

  get isLingering(): boolean {
    return !this.#lingering.isEmpty;
  }

  /** Another one whenever `keep()` would say something new, from the moment on in which the lines are told. */
  get mark(): string {
    const places = this.#open.map(({ id, offset }) => `${id}@${offset}`);
    const left = this.#left.all.map(({ id, offset }) => `${id}@${offset}`);
    return [...left, this.#seen.changes, ...places].join();
  }

  /** How far lines were told by now. */
  keep(): KeptFile {
    const open = this.#open.map(({ linePosition }) => linePosition);
    return { path: this.path, open: [...this.#left.all, ...open], ...this.#seen.kept };
  }

  /** Never rejects. Resolves when what was wanted so far is done. */
  wake(cause: WakeCause): Promise<void> {
    return this.loop.wake(cause, this.isOpen);
  }

  /** Reads now what was told of and waits for the pause to end. Never rejects. */
  readNow(): Promise<void> {
    return this.loop.hurry();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.loop.stop();
    // They stay where they are: `keep()` may still be asked.
    for (const generation of this.#open) await generation.close().catch(() => {});
  }

  /** Ends, and leaves to others what is open still. */
  async leave(): Promise<void> {
    await this[Symbol.asyncDispose]();
    for (const { linePosition } of this.#open) this.#options.ledger.release(linePosition);
  }

  /** Oldest first. */
  get #open(): FileGeneration[] {
    return [...this.#lingering.generations, ...(this.#current === null ? [] : [this.#current])];
  }

  /** One `stat` for a quiet file. */
  async #poll(): Promise<void> {
    const current = this.#current;
    if (current !== null) {
      const stats = await statIfThere(this.path);
      const isSame = stats !== null && fileId(stats) === current.id;
      const isQuiet = isSame && stats.size === BigInt(current.offset) && stats.mtimeNs === this.#seenMtimeNs;
      if (isQuiet && !this.isLingering) return;
      const quietFor = Date.now() - this.loop.toldAt;
      if (isSame && stats.size > BigInt(current.offset) && quietFor > LAG_AFTER_MS)
        this.#options.onMissedChange(this);
      if (isSame) this.#seenMtimeNs = stats.mtimeNs;
    }
    await this.#follow(true);
  }

  async #follow(isLook: boolean): Promise<void> {
    if (this.#current !== null) await this.#drain(this.#current);
    if (isLook) while (!this.#isDisposed && (await this.#moveOn()));
    await this.#settle();
  }

  /** Opens what is under the path now, where that is not what is open; true where there may be more to do. */
  async #moveOn(): Promise<boolean> {
    const stats = await statIfThere(this.path);
    if (stats === null) {
      await this.#lose();
      return false;
    }
    const previous = this.#current;
    if (previous?.id === fileId(stats)) return false;

    const opened = await openLogFile(this.path, this.#options.allowList);
    if (opened === null) return true;
    const next = await this.#generation(opened);
    if (next === null) {
      // Another name has that one; what was open here is not under this path any more either.
      if (previous !== null) await this.#finish(previous);
      // It may have been written to under this name, before that was known.
      void this.aliasOf?.wake('written');
      return false;
    }
    this.#next = next;
    try {
      if (previous !== null) await this.#finish(previous);
      await this.#goOn();
    } finally {
      this.#next = null;
      this.#current = next;
      this.#left.drop(next.id);
    }
    this.#seenMtimeNs = -1n;
    this.#options.status.tell('following', null);
    await this.#drain(next);
    return true;
  }

  /** Reads a rotated file to its end. */
  async #finish(previous: FileGeneration): Promise<void> {
    this.#options.status.tell('rotated', 'The file was rotated; reading went on with the new one.');
    try {
      await this.#drain(previous);
    } finally {
      this.#lingering.add(previous);
      this.#current = null;
    }
  }

  /** Reads what rotations took from under the path while nobody looked. False: what was left of a file is nowhere. */
  async #goOn(): Promise<boolean> {
    if (this.#hasOlder) this.#seen.leaveOut(await lastWriteNs(this.path, this.#isOpen));
    this.#hasOlder = false;
    // A copy may have been written over one of these.
    await this.#settle();
    // The next one goes on where it was, or was truncated meanwhile: then a copy has the rest.
    const goesOn = this.#next !== null && this.#next.offset > 0;
    const { isComplete, lost } = await this.#left.readAll(goesOn ? this.#next!.id : null);
    await this.#readUnseen(lost);
    return isComplete;
  }

  async #settle(): Promise<void> {
    await this.#lingering.settle((generation) => this.#drain(generation));
  }

  /** Null where the file is followed under another name already, or is no text. */
  async #generation(opened: OpenedLogFile): Promise<FileGeneration | null> {
    const { handle, stats } = opened;
    try {
      const head = await readHead(handle);
      const id = fileId(stats);
      refuseBinary(this.path, head);
      this.aliasOf = this.#options.ledger.claim(id, this);
      if (this.aliasOf !== null) {
        await handle.close();
        return null;
      }
      this.realPath = opened.realPath;
      this.#options.onOpened(this);
      const known = (await this.#left.takeMoved(handle, id)) ?? this.#options.ledger.position(id);
      const file = { handle, head, size: Number(stats.size) };
      const backlogBytes = this.#isNew(stats) ? null : this.#backlogBytes;
      const { start, skipsFirstLine } = await firstReading(file, known, backlogBytes);
      this.#backlogBytes = null;
      const splitter = this.#splitter({ skipsFirstLine, skipsLeadingNuls: start.offset === 0 });
      return new FileGeneration(handle, id, start, splitter, opened.isLocal);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Read from its start: an earlier start followed this path, or had ended when the file was born. */
  #isNew({ birthtimeNs }: BigIntStats): boolean {
    const { kept, keptAtNs } = this.#options;
    return kept !== null || (keptAtNs !== null && birthtimeNs >= keptAtNs);
  }

  /** False where this follower was disposed of before all was read. */
  async #drain(generation: FileGeneration): Promise<boolean> {
    const { buffers, status, room } = this.#options;
    const startedAt = Date.now();
    const isUnread = generation.offset === 0 && generation === this.#current;
    // One that was truncated before anything of it was read does not show it; the copies made of it do.
    let hasCopies = isUnread && (await this.#readUnseen());
    const buffer = buffers.take();
    let isBehind = false;
    try {
      // Every read is a turn of the event loop of its own, so nothing else waits longer than one chunk.
      while (!this.#isDisposed) {
        const readAt = generation.grewAt;
        const outcome = await generation.read(buffer, room);
        if (outcome === 'end') break;
        if (outcome === 'rewritten' && this.#lingering.has(generation)) {
          await this.#lingering.letGoOfRewritten(generation);
          break;
        }
        if (outcome === 'rewritten') {
          await this.#restart(generation, isBehind ? readAt : null);
          isBehind = false;
          continue;
        }
        isBehind = true;
        if (hasCopies) hasCopies = await this.#readUnseen();
        if (Date.now() - startedAt > LAG_AFTER_MS) {
          status.tell(
            'lagging',
            'Lines come in faster than they are read; they are shown late, none is lost.',
          );
        }
      }
    } finally {
      buffers.give(buffer);
    }
    if (status.state === 'lagging' && generation === this.#current) status.tell('following', null);
    return !this.#isDisposed;
  }

  /** The file was truncated: what was not read yet may be in a copy (copytruncate); then from the start. */
  async #restart(generation: FileGeneration, unreadSince: number | null): Promise<void> {
    const { linePosition, splitter } = generation;
    generation.restart(this.#splitter({ skipsLeadingNuls: true }));
    this.#left.add(linePosition);
    if (!(await this.#goOn())) {
      // A first line that was not whole is in the copy, if there is one.
      if (linePosition.offset > 0) splitter.flush();
      if (unreadSince !== null) this.#options.onLoss(unreadSince);
    }
    if (generation === this.#current) {
      this.#options.status.tell('rotated', 'The file was truncated; reading went on from its start.');
      this.#options.status.tell('following', null);
    }
  }

  /** Reads other files of this name that are news. True: to be asked for again, see `UnseenGenerations`. */
  async #readUnseen(lost: readonly FilePosition[] = []): Promise<boolean> {
    const open = [...this.#open, ...(this.#next === null ? [] : [this.#next])];
    const { path, ledger } = this.#options;
    const unseen = await findUnseen({ path, ledger, seen: this.#seen, open, lost });
    for (const copy of unseen.copies) {
      ledger.learn(copy);
      this.#seen.add(copy, BigInt(copy.writtenNs));
    }
    for (const { start, ...found } of unseen.found) {
      const splitter = this.#splitter({ skipsLeadingNuls: start.offset === 0 });
      await this.#readOn(found, start, splitter);
    }
    return unseen.hasUndecided;
  }

  readonly #isOpen = (id: string): boolean => this.#options.ledger.isFollowed(id);

  /** Reads a rotated file to its end, and keeps it open for a while. */
  async #readOn(found: FoundGeneration, start: ReadingStart, splitter: LineSplitter): Promise<void> {
    if (this.#isOpen(found.id) || this.#options.ledger.claim(found.id, this) !== null) {
      await found.handle.close();
      return;
    }
    const generation = new FileGeneration(found.handle, found.id, start, splitter);
    this.#lingering.add(generation);
    await this.#drain(generation);
  }

  /** The path leads nowhere. What is open may still be written to; it is kept as long as a rotated file is. */
  async #lose(): Promise<void> {
    if (!this.isGone) await this.#goOn();
    this.#options.status.tell('waiting', `${this.path} is not there; following starts when it appears.`);
    const current = this.#current;
    if (current === null || this.#isDisposed) return;
    if (Date.now() - current.grewAt < this.#options.lingerMs) return;
    const writtenNs = await current.writtenNs();
    current.splitter.flush();
    this.#current = null;
    await this.#close(current, writtenNs);
  }

  async #fail(error: unknown): Promise<void> {
    // Gone between looking and opening: look again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      this.loop.lookAgain();
      return;
    }
    const kind = await tellFileTrouble(this.#options.status, this.path, error);
    const current = this.#current;
    if (current === null || kind === 'refused') return;
    this.#current = null;
    await this.#close(current, BigInt(current.grewAt) * 1_000_000n);
  }

  async #close(generation: FileGeneration, writtenNs: bigint): Promise<void> {
    this.#options.ledger.release(generation.linePosition);
    this.#seen.add(generation.linePosition, writtenNs);
    await generation.close().catch(() => {});
  }

  #splitter(options: Omit<LineSplitterOptions, 'onLine'>): LineSplitter {
    return new LineSplitter({ ...options, onLine: this.#options.onLine });
  }
}
