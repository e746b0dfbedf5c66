/**
 * Writes tapes: lines are gathered for half a second and appended in one write, so that a line costs the event loop next to nothing.
 * Nothing waits for the disk: what it does not take is counted and let go, and the next write tries again in a new file.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { nextName } from '../archive-folder.ts';

/** Lines are on the disk after this time at most. */
const GATHER_MS = 500;
/** So much is written before that, in bytes. */
const GATHER_BYTES = 256 * 1024;
/** What may wait for a slow disk. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export interface TapeWriterOptions {
  folder: string;
  /** A tape is closed when it has grown to this, in bytes. */
  tapeBytes: number;
  /** The tape of this name was closed. */
  onClosed: (name: string) => void;
  /** What every tape begins with. Default: nothing. */
  head?: () => Buffer;
}

interface OpenTape {
  name: string;
  path: string;
  handle: FileHandle;
  bytes: number;
}

export class TapeWriter implements AsyncDisposable {
  readonly #options: TapeWriterOptions;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Known before the file is there: whoever lists the folder is to tell it from those that are complete. */
  #current: string | null = null;
  #tape: OpenTape | null = null;
  #lastWrite: Promise<void> = Promise.resolve();
  /** The next write waits for the one before it, and will take all there is by then. */
  #isWriteWaiting = false;
  #lost = 0;
  #trouble: Error | null = null;

  constructor(options: TapeWriterOptions) {
    this.#options = options;
  }

  /** Of the tape that is being written; null: none is. */
  get current(): string | null {
    return this.#current;
  }

  /** Lines that were never written. */
  get lost(): number {
    return this.#lost;
  }

  /** Why the newest write failed; null: it did not. */
  get trouble(): Error | null {
    return this.#trouble;
  }

  /** One `log` event as it goes over the stream. */
  take(event: Buffer): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#lost++;
      return;
    }
    this.#waiting.push(event);
    this.#waitingBytes += event.length;
    // One for each event would be a queue that grows for as long as lines come faster than a write ends.
    if (this.#isWriteWaiting) return;
    if (this.#waitingBytes >= GATHER_BYTES) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** Resolves when all that was taken is written, or lost. Never rejects. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isWriteWaiting = true;
    this.#lastWrite = this.#lastWrite.then(() => this.#write());
    return this.#lastWrite;
  }

  /** What was taken is on a tape that is complete, or lost. Never rejects. */
  endTape(): Promise<void> {
    void this.flush();
    this.#lastWrite = this.#lastWrite.then(() => this.#close());
    return this.#lastWrite;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endTape();
  }

  async #write(): Promise<void> {
    this.#isWriteWaiting = false;
    const events = this.#waiting;
    if (events.length === 0) return;
    const bytes = Buffer.concat(events);
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      const tape = (this.#tape ??= await this.#begin());
      await tape.handle.appendFile(bytes);
      tape.bytes += bytes.length;
      this.#trouble = null;
      if (tape.bytes >= this.#options.tapeBytes) await this.#close();
    } catch (error) {
      this.#lost += events.length;
      this.#trouble = error as Error;
      // Its end may be torn: what comes next begins a new one.
      await this.#close();
    }
  }

  async #begin(): Promise<OpenTape> {
    const { folder } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = nextName(folder, 'tape');
    const file = path.join(folder, name);
    this.#current = name;
    // From here on it is closed, and removed, where not even its head can be written: on a full disk there is one with every write.
    const tape = (this.#tape = { name, path: file, handle: await open(file, 'ax', 0o600), bytes: 0 });
    const head = this.#options.head?.() ?? Buffer.alloc(0);
    if (head.length > 0) await tape.handle.appendFile(head);
    return tape;
  }

  async #close(): Promise<void> {
    const tape = this.#tape;
    if (tape === null) return;
    this.#tape = null;
    await tape.handle.close().catch(() => undefined);
    this.#current = null;
    if (tape.bytes === 0) rmSync(tape.path, { force: true });
    else this.#options.onClosed(tape.name);
  }
}
