/**
 * The history store: every series of every host on the disk, in tiers that become coarser with age. This thread writes what comes to a tape, which costs
 * it next to nothing; all that takes time, and all of SQLite, is in threads that live while there is something to do.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { WatchlineError } from '../../../shared/errors.ts';
import type { HubNumbers } from '../../../shared/hub-numbers.ts';
import type { Processes } from '../../../shared/schema/processes.ts';
import type { Sample } from '../../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../../shared/schema/slow-tiers.ts';
import type { Recent } from '../../../shared/schema/stream.ts';
import { begunAt, bytesIn, tapesIn, type ArchiveFile } from '../../archive/archive-folder.ts';
import { TapeWriter } from '../../archive/tape/tape-writer.ts';
import { HISTORY_FILE } from './file/file-name.ts';
import type {
  BucketQuery,
  HistoryReader,
  HostBuckets,
  HostExtent,
  KeptProcesses,
  ProcessesQuery,
} from './history-reader.ts';
import type { Tier } from './ladder.ts';
import { Recorder } from './tape/recorder.ts';
import type { HistoryThreads } from './thread/history-threads.ts';

/** A tape is brought in when it has grown to this: a minute of hundreds of hosts, hours of one. Every question reads through it. */
const TAPE_BYTES = 8 * 1024 * 1024;
/** Whether a span is over is looked at this often. */
const LOOK_EVERY_MS = 60_000;
/** After the end of a span what belongs to it is waited for: as long as the keeper waits, and a little more. */
const OVER_AFTER_MS = 125_000;
/** Also where nothing comes: what is too old goes. */
const KEEP_AT_LEAST_MS = 24 * 3_600_000;
/** Tapes that could not be brought in may take this share of all room; past it samples are let go. */
const TAPE_SHARE = 4;
const LEAST_TAPE_ROOM = 64 * 1024 * 1024;

export interface HistoryStoreOptions {
  dataDir: string;
  /** Room for all of it, in bytes. */
  maxBytes: number;
  ladder: readonly Tier[];
  /** Given what keeps samples from being kept, once, and again when it was over in between; and what was damaged. */
  report: (trouble: Error) => void;
}

export class HistoryStore implements HistoryReader, AsyncDisposable {
  readonly ladder: readonly Tier[];
  /** When the start before this one last wrote to a tape that is still there, in epoch milliseconds; null: nobody knows. */
  readonly wroteAt: number | null;
  readonly #options: HistoryStoreOptions;
  readonly #folder: string;
  readonly #writer: TapeWriter;
  readonly #recorder: Recorder;
  readonly #timer: NodeJS.Timeout;
  /** Loaded when there is something to do for one. */
  #threads: Promise<HistoryThreads> | null = null;
  #keeping: Promise<void> | null = null;
  #keptAt: number;
  /** On closed tapes, in bytes. */
  #tapeBytes: number;
  #lost = 0;
  #keepTrouble: string | null = null;
  #toldTrouble: string | null = null;
  #isClosing = false;

  constructor(options: HistoryStoreOptions) {
    this.#options = options;
    this.ladder = options.ladder;
    this.#folder = path.join(options.dataDir, 'history');
    this.#recorder = new Recorder((record) => this.#write(record));
    this.#writer = new TapeWriter({
      folder: this.#folder,
      tapeBytes: TAPE_BYTES,
      head: () => this.#recorder.head(),
      onClosed: () => this.#tapeClosed(),
    });
    const tapes = tapesIn(this.#folder);
    this.wroteAt = tapes.length === 0 ? null : Math.floor(Math.max(...tapes.map((tape) => tape.writtenAt)));
    this.#tapeBytes = bytesOf(tapes);
    this.#keptAt = lastKeptAt(this.#folder);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  takeSample(sample: Sample): void {
    this.#recorder.sample(sample);
  }

  /** The rows of `columns` whose times `isWanted`. */
  takeColumns(columns: Recent, isWanted: (time: number) => boolean): void {
    this.#recorder.columns(columns, isWanted);
  }

  takeFilesystems(filesystems: Filesystems): void {
    this.#recorder.filesystems(filesystems);
  }

  takeSensors(sensors: Sensors): void {
    this.#recorder.sensors(sensors);
  }

  takeProcesses(processes: Processes): void {
    this.#recorder.processes(processes);
  }

  /** What was kept of it stays until it is too old. */
  forget(host: string): void {
    this.#recorder.forget(host);
  }

  /** A question will come soon: the thread that answers is started meanwhile. */
  expectRead(): void {
    if (!this.#isClosing) void this.#loadThreads().then((threads) => threads.expectRead());
  }

  async buckets(query: BucketQuery, signal: AbortSignal): Promise<HostBuckets> {
    return (await this.#readable()).read({ kind: 'buckets', query }, signal);
  }

  async processes(query: ProcessesQuery, signal: AbortSignal): Promise<KeptProcesses[]> {
    return (await this.#readable()).read({ kind: 'processes', query }, signal);
  }

  async extent(host: string, signal: AbortSignal): Promise<HostExtent> {
    return (await this.#readable()).read({ kind: 'extent', host }, signal);
  }

  get trouble(): string | null {
    const cause = this.#writer.trouble?.message ?? this.#keepTrouble;
    if (cause === null) return null;
    return `History is not kept at this moment: ${cause}. See to the disk of the hub's data folder; streaming goes on.`;
  }

  get numbers(): NonNullable<HubNumbers['history']> {
    return {
      bytes: existsSync(this.#folder) ? bytesIn(this.#folder) : 0,
      maxBytes: this.#options.maxBytes,
      lost: this.#lost + this.#writer.lost,
      trouble: this.trouble,
    };
  }

  /** Brings in what came before the call. Resolves when it is done, or failed: see `trouble`. */
  async keep(): Promise<void> {
    await this.#writer.endTape();
    await this.#keeping;
    await this.#startKeeping();
  }

  /** What was taken is on the disk when it resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#writer[Symbol.asyncDispose]();
    await (await this.#threads)?.[Symbol.asyncDispose]();
    await this.#keeping;
  }

  #write(record: Buffer): void {
    const room = Math.max(LEAST_TAPE_ROOM, this.#options.maxBytes / TAPE_SHARE);
    if (this.#tapeBytes > room) this.#lost++;
    else this.#writer.take(record);
    if (this.#writer.trouble !== null) this.#tellTrouble();
  }

  #tapeClosed(): void {
    this.#tapeBytes = bytesOf(tapesIn(this.#folder));
    if (this.#tapeBytes >= TAPE_BYTES) void this.#startKeeping();
  }

  /** A span is over, and the tape was begun before: it is time. */
  #look(): void {
    const now = Date.now();
    this.#tellTrouble();
    const { spanMs } = this.ladder[0]!;
    const over = Math.floor((now - OVER_AFTER_MS) / spanMs) * spanMs;
    const isWaiting = tapesIn(this.#folder).some((tape) => begunAt(tape) < over);
    if (isWaiting || (this.#keptAt < now - KEEP_AT_LEAST_MS && existsSync(this.#folder))) void this.keep();
  }

  #startKeeping(): Promise<void> {
    if (this.#isClosing) return Promise.resolve();
    return (this.#keeping ??= this.#keep().finally(() => (this.#keeping = null)));
  }

  async #keep(): Promise<void> {
    const tapes = this.#closedTapes();
    const now = Date.now();
    const threads = await this.#loadThreads();
    const answer = await threads.keep({ kind: 'keep', tapes, now });
    // Given up because the hub ends: the next start brings them in.
    if (this.#isClosing) return;
    this.#tapeBytes = bytesOf(tapesIn(this.#folder));
    this.#keptAt = now;
    if (answer.kind === 'failed') this.#keepTrouble = answer.message;
    else {
      this.#keepTrouble = null;
      for (const damage of answer.value.damaged)
        this.#options.report(new WatchlineError('history-damaged', damage));
    }
    this.#tellTrouble();
  }

  /** What the writer begins from now on is none of them. */
  #closedTapes(): string[] {
    const { current } = this.#writer;
    return tapesIn(this.#folder).flatMap(({ name }) => (name === current ? [] : name));
  }

  /** All that came before this call is read. */
  async #readable(): Promise<HistoryThreads> {
    await this.#writer.flush();
    return this.#loadThreads();
  }

  #loadThreads(): Promise<HistoryThreads> {
    this.#threads ??= import('./thread/history-threads.ts').then(
      ({ HistoryThreads }) =>
        new HistoryThreads({
          start: { folder: this.#folder, ladder: this.ladder, maxBytes: this.#options.maxBytes },
          onDamaged: () => void this.keep(),
        }),
    );
    return this.#threads;
  }

  #tellTrouble(): void {
    const { trouble } = this;
    if (trouble !== null && trouble !== this.#toldTrouble)
      this.#options.report(new WatchlineError('history-not-kept', trouble));
    this.#toldTrouble = trouble;
  }
}

/** A hub that was away for less than a day, or keeps nothing yet, starts no thread for what is too old. */
function lastKeptAt(folder: string): number {
  return statSync(path.join(folder, HISTORY_FILE), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}

function bytesOf(tapes: readonly ArchiveFile[]): number {
  return tapes.reduce((sum, { bytes }) => sum + bytes, 0);
}
