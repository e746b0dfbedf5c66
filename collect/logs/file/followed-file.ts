/**
 * Follows one path through all its generations: reads the open one to its end, notices that the path
 * leads elsewhere, finishes the old one (and lingers on it, its writer may not know yet), goes on with the new.
 */
import { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { WatchlineError } from '../../../shared/errors.ts';
import { LineSplitter, type LineSplitterOptions, type OnLine } from '../line-splitter.ts';
import type { SourceStatus } from '../source-status.ts';
import type { AllowList } from './allow-list.ts';
import { bornNs, type FoundGeneration } from './earlier-generations.ts';
import {
  fileId,
  FileGeneration,
  hasHeadOf,
  looksBinary,
  readHead,
  type FilePosition,
} from './file-generation.ts';
import { tellFileTrouble } from './file-trouble.ts';
import { filePosition, keptPosition, type KeptFile, type KeptPosition } from './kept-positions.ts';
import { LINGER_MS, LingeringGenerations } from './lingering-generations.ts';
import { openLogFile, type OpenedLogFile } from './open-log-file.ts';
import type { PositionLedger } from './position-ledger.ts';
import type { ReadBuffers } from './read-buffers.ts';
import { statIfThere } from './stat-if-there.ts';
import { UnseenGenerations } from './unseen-generations.ts';
import { WakeLoop, type WakeCause } from './wake-loop.ts';

/** A drain that takes longer than this is told as lagging. */
const LAG_AFTER_MS = 1_000;

const nothing = Buffer.alloc(0);

export interface FollowedFileOptions {
  path: string;
  allowList: AllowList;
  ledger: PositionLedger<FollowedFile>;
  buffers: ReadBuffers;
  /** Least time between two reads, in milliseconds. */
  readPauseMs: number;
  status: SourceStatus;
  onLine: OnLine;
  /** Bytes are known to be lost: a truncation came before they were read. `since`: epoch ms of the last read. */
  onLoss: (since: number) => void;
  /** The follower opened a file: its `realPath` may be another one now. */
  onOpened: (follower: FollowedFile) => void;
  /** Polling found bytes that no watch had told. */
  onMissedChange: (follower: FollowedFile) => void;
  /** Bytes read at first from the end of a file that was there before; null: from its start. */
  backlogBytes: number | null;
  /** Where an earlier start of this program got to; null: nowhere. */
  kept: KeptFile | null;
  /** Epoch nanoseconds of that earlier start's end: a file born later is read from its start. Null: there was none. */
  keptAtNs: bigint | null;
}

export class FollowedFile {
  readonly path: string;
  /** Where the open file really is. */
  realPath: string;
  /** Who follows the same file under another name; null where nobody does. */
  aliasOf: FollowedFile | null = null;

  readonly #options: FollowedFileOptions;
  #backlogBytes: number | null;
  /** Until it was gone on from. */
  #kept: KeptFile | null;
  #current: FileGeneration | null = null;
  readonly #unseen: UnseenGenerations;
  readonly #lingering = new LingeringGenerations((generation) => this.#close(generation));
  readonly #loop: WakeLoop;
  #seenMtimeNs = -1n;
  #isDisposed = false;

  constructor(options: FollowedFileOptions) {
    this.#options = options;
    this.path = options.path;
    this.realPath = options.path;
    this.#backlogBytes = options.backlogBytes;
    this.#kept = options.kept;
    this.#unseen = new UnseenGenerations(options.path, options.ledger);
    this.#loop = new WakeLoop({
      pauseMs: options.readPauseMs,
      follow: (isLook) => this.#follow(isLook).catch((error: unknown) => this.#fail(error)),
      poll: () => this.#poll().catch((error: unknown) => this.#fail(error)),
    });
    for (const position of [...(this.#kept?.rotated ?? []), this.#kept?.current ?? null]) {
      if (position !== null) options.ledger.release(filePosition(position));
    }
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
    const open = [...this.#lingering.generations, ...(this.#current === null ? [] : [this.#current])];
    return open.map(({ id, offset }) => `${id}@${offset}`).join();
  }

  /** How far lines were told by now. */
  keep(): KeptFile {
    if (this.#kept !== null) return this.#keepUnfinished(this.#kept);
    return {
      path: this.path,
      openedNs: this.#unseen.openedNs.toString(),
      current: this.#current && keptPosition(this.#current.linePosition),
      rotated: this.#lingering.generations.map(({ linePosition }) => keptPosition(linePosition)),
    };
  }

  /** While what an earlier start left is being read: its positions as they are by now, and what was found besides. */
  #keepUnfinished(kept: KeptFile): KeptFile {
    const open = new Map(
      this.#lingering.generations.map(({ id, linePosition }) => [id, keptPosition(linePosition)]),
    );
    const asOfNow = (position: KeptPosition): KeptPosition => {
      const found = open.get(position.id) ?? position;
      open.delete(position.id);
      return found;
    };
    const current = kept.current && asOfNow(kept.current);
    return { ...kept, current, rotated: [...kept.rotated.map(asOfNow), ...open.values()] };
  }

  /** Never rejects. Resolves when what was wanted so far is done. */
  wake(cause: WakeCause): Promise<void> {
    return this.#loop.wake(cause, this.isOpen);
  }

  /** Reads now what was told of and waits for the pause to end. Never rejects. */
  readNow(): Promise<void> {
    return this.#loop.hurry();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#loop.stop();
    this.#kept = this.keep();
    await this.#lingering.closeAll();
    if (this.#current !== null) await this.#close(this.#current);
    this.#current = null;
  }

  /** One `stat` for a quiet file. */
  async #poll(): Promise<void> {
    const current = this.#current;
    if (current !== null) {
      const stats = await statIfThere(this.path);
      const isSame = stats !== null && fileId(stats) === current.id;
      const isQuiet = isSame && stats.size === BigInt(current.offset) && stats.mtimeNs === this.#seenMtimeNs;
      if (isQuiet && !this.isLingering) return;
      const quietFor = Date.now() - this.#loop.toldAt;
      if (isSame && stats.size > BigInt(current.offset) && quietFor > LAG_AFTER_MS)
        this.#options.onMissedChange(this);
      if (isSame) this.#seenMtimeNs = stats.mtimeNs;
    }
    await this.#follow(true);
  }

  async #follow(isLook: boolean): Promise<void> {
    if (this.#current !== null) await this.#drain(this.#current);
    if (isLook) while (!this.#isDisposed && (await this.#moveOn()));
    await this.#lingering.settle((generation) => this.#drain(generation));
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

    const openedAtNs = BigInt(Date.now()) * 1_000_000n;
    const opened = await openLogFile(this.path, this.#options.allowList);
    if (opened === null) return true;
    const next = await this.#generation(opened);
    if (next === null) return false;
    try {
      if (previous !== null) await this.#finish(previous);
      else if (this.#kept !== null) await this.#goOn(this.#kept, next.id);
    } finally {
      this.#current = next;
      this.#kept = null;
    }
    this.#unseen.opened(next, openedAtNs);
    this.#seenMtimeNs = -1n;
    this.#options.status.tell('following', null);
    await this.#drain(next);
    return true;
  }

  /** Reads a rotated file to its end, and the generations that came after it and went. */
  async #finish(previous: FileGeneration): Promise<void> {
    this.#options.status.tell('rotated', 'The file was rotated; reading went on with the new one.');
    try {
      await this.#drain(previous);
    } finally {
      this.#lingering.add(previous);
      this.#current = null;
    }
    await this.#readUnseen();
  }

  /** Reads what a rotation took from under the path while nobody looked. */
  async #goOn(kept: KeptFile, currentId: string): Promise<void> {
    const { current } = kept;
    const isRotated = current !== null && current.id !== currentId;
    let lastRead = 0n;
    for (const position of isRotated ? [...kept.rotated, current] : kept.rotated) {
      const from = filePosition(position);
      const found = await this.#unseen.findRotated(from, kept);
      if (found === null) continue;
      lastRead = bornNs(found.stats);
      await this.#readGenerations([found], from, this.#splitter({ skipsFirstLine: from.isMidLine }));
    }
    this.#unseen.goOn(kept, lastRead);
    if (isRotated) await this.#readUnseen();
  }

  /** Null where the file is followed under another name already, or is no text. */
  async #generation(opened: OpenedLogFile): Promise<FileGeneration | null> {
    const { handle, stats } = opened;
    try {
      const head = await readHead(handle);
      const id = fileId(stats);
      if (looksBinary(head)) {
        throw new WatchlineError('log-binary', `${this.path} holds binary data, so it is not followed.`, {
          remedy: 'Leave it out with `logs.exclude`.',
        });
      }
      this.aliasOf = this.#options.ledger.claim(id, this);
      if (this.aliasOf !== null) {
        await handle.close();
        return null;
      }
      this.realPath = opened.realPath;
      this.#options.onOpened(this);
      const known = this.#options.ledger.position(id);
      const isSame = known !== null && hasHeadOf(head, known) && stats.size >= BigInt(known.offset);
      // Truncated while nobody looked: the first read finds that out, and looks for the copy.
      const isCut = known !== null && !isSame && id === this.#kept?.current?.id;
      const isResumed = isSame || isCut;
      const start = isResumed ? known.offset : this.#firstOffset(stats);
      this.#backlogBytes = null;
      const position = isResumed ? known : { head, offset: start, overlap: nothing };
      const skipsFirstLine = isResumed ? known.isMidLine : start > 0;
      return new FileGeneration(handle, stats, position, this.#splitter({ skipsFirstLine }));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** One byte early: where that byte ends a line, the next line is whole and stays. */
  #firstOffset(stats: BigIntStats): number {
    const { keptAtNs } = this.#options;
    const isNew = this.#kept !== null || (keptAtNs !== null && bornNs(stats) >= keptAtNs);
    return this.#backlogBytes === null || isNew
      ? 0
      : Math.max(0, Number(stats.size) - this.#backlogBytes - 1);
  }

  async #drain(generation: FileGeneration): Promise<void> {
    const { buffers, status } = this.#options;
    const startedAt = Date.now();
    if (generation.offset === 0 && generation === this.#current) await this.#readUnseenCopies(generation);
    const buffer = buffers.take();
    let isBehind = false;
    try {
      // Every read is a turn of the event loop of its own, so nothing else waits longer than one chunk.
      while (!this.#isDisposed) {
        const readAt = generation.grewAt;
        const outcome = await generation.read(buffer);
        if (outcome === 'end') break;
        // A rotated file that is rewritten is being shredded or reused: what was in it has been read.
        if (outcome === 'rewritten' && this.#lingering.has(generation)) break;
        if (outcome === 'rewritten') {
          await this.#restart(generation, isBehind ? readAt : null);
          isBehind = false;
          continue;
        }
        isBehind = true;
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
  }

  /** The file was truncated: what was not read yet may be in a copy (copytruncate); then from the start. */
  async #restart(generation: FileGeneration, unreadSince: number | null): Promise<void> {
    const { position, splitter } = generation;
    const found = await this.#unseen.findCopy(position);
    generation.restart(this.#splitter({ skipsLeadingNuls: true }));
    if (found === null) {
      splitter.flush();
      if (unreadSince !== null) this.#options.onLoss(unreadSince);
    } else {
      const [copy, ...later] = found;
      await this.#readGenerations([copy], position, splitter);
      await this.#readGenerations(later);
    }
    if (generation === this.#current) {
      this.#options.status.tell('rotated', 'The file was truncated; reading went on from its start.');
      this.#options.status.tell('following', null);
    }
  }

  /** A file that was truncated before anything of it was read does not show it; the copies made of it do. */
  async #readUnseenCopies(generation: FileGeneration): Promise<void> {
    const unseen = await this.#unseen.find();
    if (unseen.length === 0) return;
    const head = await generation.readHead();
    const isCopyOfNow = (found: FoundGeneration) => head.length > 0 && hasHeadOf(found.head, { head });
    for (const { handle } of unseen.filter(isCopyOfNow)) await handle.close();
    await this.#readGenerations(unseen.filter((found) => !isCopyOfNow(found)));
  }

  async #readUnseen(): Promise<void> {
    await this.#readGenerations(await this.#unseen.find());
  }

  /** Reads rotated files to their end, the first from `position`, the others whole. */
  async #readGenerations(
    found: FoundGeneration[],
    position?: FilePosition,
    splitter?: LineSplitter,
  ): Promise<void> {
    for (const { handle, stats, head } of found) {
      if (this.#options.ledger.claim(fileId(stats), this) !== null) {
        await handle.close();
        continue;
      }
      const start = position ?? { head, offset: 0, overlap: nothing };
      const generation = new FileGeneration(handle, stats, start, splitter ?? this.#splitter({}));
      this.#lingering.add(generation);
      await this.#drain(generation);
    }
  }

  /** The path leads nowhere. What is open may still be written to; it is kept as long as a rotated file is. */
  async #lose(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    if (kept !== null) await this.#goOn(kept, '');
    else if (!this.isGone) await this.#readUnseen();
    this.#options.status.tell('waiting', `${this.path} is not there; following starts when it appears.`);
    const current = this.#current;
    if (current === null || Date.now() - current.grewAt < LINGER_MS) return;
    this.#current = null;
    current.splitter.flush();
    await this.#close(current);
  }

  async #fail(error: unknown): Promise<void> {
    // Gone between looking and opening: look again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      this.#loop.lookAgain();
      return;
    }
    const kind = await tellFileTrouble(this.#options.status, this.path, error);
    const current = this.#current;
    if (current === null || kind === 'refused') return;
    this.#current = null;
    await this.#close(current);
  }

  async #close(generation: FileGeneration): Promise<void> {
    this.#options.ledger.release(generation.linePosition);
    await generation.close().catch(() => {});
  }

  #splitter(options: Omit<LineSplitterOptions, 'onLine'>): LineSplitter {
    return new LineSplitter({ ...options, onLine: this.#options.onLine });
  }
}
