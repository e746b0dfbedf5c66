/**
 * The log archive: recent lines on the disk, bounded by size and age, to be searched. Lines are written as they come by this thread, which
 * costs it next to nothing; all that takes time, and all of SQLite, is in threads that live while there is something to do.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { WatchlineError } from '../../shared/errors.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import { formatCursor } from '../../shared/cursor.ts';
import { sseBlock, type Frame } from '../stream/frame.ts';
import { applyBounds, bytesIn, setAside, tapesIn, type Bounds } from './archive-folder.ts';
import type { ArchiveThreads } from './archive-threads.ts';
import type { ContextTask, SearchTask } from './search-task.ts';
import { SettledLines } from './settled-lines.ts';
import { TAPE_BYTES } from './tape/tape.ts';
import { TapeWriter } from './tape/tape-writer.ts';
import type { RunOptions, ThreadEnd } from './work-thread.ts';

/** What is too old goes within this time, also where no line comes. */
const BOUNDS_EVERY_MS = 3_600_000;
/** Tapes that could not be moved may take this share of all room; past it lines are let go. */
const TAPE_SHARE = 4;
const LEAST_TAPE_ROOM = 16 * 1024 * 1024;
/** Tapes wait until it is known that their lines do not come again, but not for ever. */
const MAX_UNSETTLED_BYTES = 8 * TAPE_BYTES;

export interface LogArchiveOptions extends Bounds {
  dataDir: string;
  /** The start of the hub, as in cursors. */
  epoch: string;
  /** Given what keeps lines from being kept, once, and again when it was over in between. */
  report: (trouble: Error) => void;
}

export class LogArchive implements AsyncDisposable {
  readonly #options: LogArchiveOptions;
  readonly #folder: string;
  readonly #writer: TapeWriter;
  /** For observers of this hub's own process. */
  readonly keeping: SettledLines;
  /** Loaded when there is something to do for one. */
  #threads: Promise<ArchiveThreads> | null = null;
  readonly #timer: NodeJS.Timeout;
  /** Of lines that came too late for the stream. */
  #lateSequence = 0;
  #lost = 0;
  /** On closed tapes, in bytes. */
  #tapeBytes = 0;
  #moving: Promise<void> | null = null;
  #moveTrouble: string | null = null;
  #toldTrouble: string | null = null;
  #isClosing = false;

  constructor(options: LogArchiveOptions) {
    this.#options = options;
    this.#folder = path.join(options.dataDir, 'archive');
    this.#writer = new TapeWriter({
      folder: this.#folder,
      tapeBytes: TAPE_BYTES,
      onClosed: (name) => this.#tapeClosed(name),
    });
    this.keeping = new SettledLines({
      ...options,
      folder: this.#folder,
      flush: () => this.#writer.flush(),
      onSettled: () => this.#moveSoon(),
    });
    this.#keepBounds();
    this.#tapeBytes = bytesOf(this.#folder);
    this.#timer = setInterval(() => this.#keepBounds(), BOUNDS_EVERY_MS).unref();
  }

  /** Of all that is published, the lines. */
  take({ name, sequence, bytes }: Frame): void {
    if (name !== 'log') return;
    this.keeping.take(sequence);
    this.#write(bytes);
  }

  /** A line that came too late for any page: it is not on the stream, and has an id of its own. */
  takeOld(line: LogLine): void {
    const id = formatCursor(`${this.#options.epoch}late`, ++this.#lateSequence);
    this.#write(Buffer.from(sseBlock('log', id, line)));
  }

  /** All lines that came before this call are searched. */
  async run(task: SearchTask | ContextTask, options: RunOptions): Promise<ThreadEnd> {
    await this.#writer.flush();
    return (await this.#loadThreads()).search({ ...task, trouble: this.trouble }, options);
  }

  /** What keeps lines from being kept, and what to do, for people; null: nothing does. */
  get trouble(): string | null {
    const cause = this.#writer.trouble?.message ?? this.#moveTrouble;
    if (cause === null) return null;
    return `Log lines are not kept at this moment: ${cause}. See to the disk of the hub's data folder; streaming goes on.`;
  }

  get numbers(): NonNullable<HubNumbers['archive']> {
    return {
      bytes: existsSync(this.#folder) ? bytesIn(this.#folder) : 0,
      maxBytes: this.#options.maxBytes,
      lost: this.#lost + this.#writer.lost,
      trouble: this.trouble,
    };
  }

  /** What was taken is on the disk when it resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#isClosing = true;
    await this.#writer[Symbol.asyncDispose]();
    await (await this.#threads)?.[Symbol.asyncDispose]();
    await this.#moving;
  }

  #write(event: Buffer): void {
    const room = Math.max(LEAST_TAPE_ROOM, this.#options.maxBytes / TAPE_SHARE);
    if (this.#tapeBytes > room) this.#lost++;
    else this.#writer.take(event);
    if (this.#writer.trouble !== null) this.#tellTrouble();
  }

  #tapeClosed(name: string): void {
    this.keeping.tapeClosed(name);
    this.#tapeBytes = bytesOf(this.#folder);
    this.#moveSoon();
  }

  #moveSoon(): void {
    if (this.#tapeBytes < TAPE_BYTES || this.#isClosing) return;
    this.#moving ??= this.#move().finally(() => (this.#moving = null));
  }

  /** Until few are left. */
  async #move(): Promise<void> {
    for (;;) {
      const before = this.#tapeBytes;
      const tapes = this.#movableTapes();
      if (tapes.length === 0) return;
      const bounds = { maxBytes: this.#options.maxBytes, maxAgeMs: this.#options.maxAgeMs };
      const end = await (await this.#loadThreads()).move({ kind: 'move', tapes, bounds });
      // Given up because the hub ends: the next start moves them.
      if (this.#isClosing) return;
      this.#tapeBytes = bytesOf(this.#folder);
      this.#moveTrouble = end.kind === 'failed' ? end.message : null;
      this.#tellTrouble();
      if (end.kind === 'failed') return;
      this.keeping.moved(tapes);
      if (this.#tapeBytes < TAPE_BYTES || this.#tapeBytes >= before) return;
    }
  }

  /** What the writer begins from now on is none of them. */
  #movableTapes(): string[] {
    const { current } = this.#writer;
    const closed = tapesIn(this.#folder).flatMap(({ name }) => (name === current ? [] : name));
    const mayAll = this.#tapeBytes > MAX_UNSETTLED_BYTES;
    return mayAll ? closed : closed.filter((name) => this.keeping.mayMove(name));
  }

  #loadThreads(): Promise<ArchiveThreads> {
    this.#threads ??= import('./archive-threads.ts').then(
      ({ ArchiveThreads }) =>
        new ArchiveThreads({ folder: this.#folder, epoch: this.#options.epoch }, (file, message) =>
          this.#damaged(file, message),
        ),
    );
    return this.#threads;
  }

  #tellTrouble(): void {
    const { trouble } = this;
    if (trouble !== null && trouble !== this.#toldTrouble)
      this.#options.report(new WatchlineError('lines-not-kept', trouble));
    this.#toldTrouble = trouble;
  }

  /** Nobody writes meanwhile: a thread that moves would go on in the file that was set aside. */
  #damaged(file: string, message: string): void {
    void (async () => {
      await this.#moving;
      try {
        if (existsSync(file)) setAside(this.#folder, file);
      } catch (error) {
        this.#options.report(error as Error);
      }
      const trouble = `${path.basename(file)} of the log archive is damaged (${message}): it was set aside as ${path.basename(file)}.damaged, and its lines cannot be searched.`;
      this.#options.report(new WatchlineError('volume-damaged', trouble));
    })();
  }

  #keepBounds(): void {
    try {
      if (this.#moving === null && existsSync(this.#folder)) applyBounds(this.#folder, this.#options);
    } catch (error) {
      this.#options.report(error as Error);
    }
  }
}

/** Of tapes. */
function bytesOf(folder: string): number {
  return tapesIn(folder).reduce((sum, { bytes }) => sum + bytes, 0);
}
