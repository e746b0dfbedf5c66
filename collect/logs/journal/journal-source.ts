/**
 * Follows the systemd journal through one long-lived `journalctl`. When that ends it is started again,
 * ever later, from the entry it got to; where that entry is gone by then, a gap is declared.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter } from '../line-splitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import { journalFields, parseJournalEntry, type JournalEntry } from './journal-entry.ts';
import { journalTrouble, type JournalTrouble } from './journal-trouble.ts';

/** Entries read at the first start. */
const BACKLOG_ENTRIES = 200;
/** One entry as JSON: a message of 64 KiB as an array of byte values takes five times that. */
const MAX_ENTRY_BYTES = 1024 * 1024;
const MAX_RESTART_MS = 30_000;
/** A run of at least this long was a good one: the next restart is quick again. */
const GOOD_RUN_MS = 10_000;
/** Asked to end, journalctl gets this long before it is killed. */
const END_MS = 2_000;

/** An entry, as a place to go on from. */
export interface JournalPosition {
  cursor: string;
  /** Epoch milliseconds. */
  time: number;
}

export interface JournalSourceOptions {
  host: string;
  journalctlPath: string;
  /** Pause before the first restart, doubled each time up to 30 s. Default 1000. */
  restartMs?: number;
  /** The newest entry that an earlier start of this program read. Default null: this is the first. */
  last?: JournalPosition | null;
  onEntry: (entry: JournalEntry) => void;
}

export class JournalSource implements LogSourceReader {
  readonly #options: JournalSourceOptions;
  readonly #ending = new AbortController();
  #emit: Emit = () => {};
  #status: SourceStatus | null = null;
  #child: ChildProcess | null = null;
  #following: Promise<void> = Promise.resolve();
  #last: JournalPosition | null;
  #isCursorStale = false;
  #isFirstOfRun = false;

  constructor(options: JournalSourceOptions) {
    this.#options = options;
    this.#last = options.last ?? null;
  }

  /** The newest entry read; null before the first. */
  get last(): JournalPosition | null {
    return this.#last;
  }

  /** Resolves once journalctl runs, or is known not to exist: then there is no journal, and no source. */
  async start(emit: Emit): Promise<void> {
    this.#emit = emit;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#following = this.#follow(resolve).finally(resolve);
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#child?.kill('SIGTERM');
    const kill = setTimeout(() => this.#child?.kill('SIGKILL'), END_MS);
    await this.#following;
    clearTimeout(kill);
    this.#emit = () => {};
  }

  async #follow(onStarted: () => void): Promise<void> {
    const { signal } = this.#ending;
    const firstPause = this.#options.restartMs ?? 1_000;
    let pause = firstPause;
    while (!signal.aborted) {
      const startedAt = Date.now();
      const ended = await this.#run(onStarted);
      if (ended === 'absent' || signal.aborted) return;
      if (Date.now() - startedAt >= GOOD_RUN_MS) pause = firstPause;
      // Half of it by chance, so that many machines do not come back in step.
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
      pause = Math.min(pause * 2, MAX_RESTART_MS);
    }
  }

  /** One life of journalctl. `absent`: it could not be started at all, ever. */
  async #run(onStarted: () => void): Promise<'ended' | 'absent'> {
    const child = spawn(this.#options.journalctlPath, this.#arguments(), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#isFirstOfRun = true;
    let trouble: JournalTrouble | null = null;

    const entries = new LineSplitter({
      maxLineBytes: MAX_ENTRY_BYTES,
      onLine: (json) => this.#onEntry(json, trouble),
    });
    const complaints = new LineSplitter({
      maxLineBytes: 1024,
      onLine: (line) => {
        trouble = journalTrouble(line) ?? trouble;
        if (trouble?.isStaleCursor) this.#isCursorStale = true;
        if (trouble !== null) this.#tell(trouble.state, trouble.reason);
      },
    });
    child.stdout.on('data', (chunk: Buffer) => entries.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.once('spawn', () => {
      if (this.#status === null) this.#tell('waiting', 'journalctl was started; no entry came so far.');
      onStarted();
    });

    const { promise, resolve } = Promise.withResolvers<string>();
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    const how = await promise;
    this.#child = null;
    if (how === 'ENOENT' && this.#status === null) return 'absent';
    if (!this.#ending.signal.aborted && trouble === null) {
      this.#tell('failed', `journalctl ended (${how}); it is started again and goes on from the last entry.`);
    }
    return 'ended';
  }

  #arguments(): string[] {
    const always = ['--follow', '--output=json', '--all', `--output-fields=${journalFields.join(',')}`];
    if (this.#last === null) return [...always, `--lines=${BACKLOG_ENTRIES}`];
    if (this.#isCursorStale)
      return [...always, '--no-tail', `--since=@${Math.floor(this.#last.time / 1000)}`];
    // Not --after-cursor: the entry itself comes first, and proves that nothing behind it was vacuumed.
    return [...always, '--no-tail', `--cursor=${this.#last.cursor}`];
  }

  #onEntry(json: string, trouble: JournalTrouble | null): void {
    const entry = parseJournalEntry(json);
    if (entry === null) {
      if (json !== '') this.#tellGap('source-overflow', this.#last?.time ?? Date.now(), Date.now(), 1);
      return;
    }
    if (trouble?.state !== 'denied') this.#tell('following', null);
    // A seek by time starts with the whole second: what was read before comes again.
    if (this.#isCursorStale && this.#last !== null && entry.time <= this.#last.time) return;
    const isFirst = this.#isFirstOfRun;
    this.#isFirstOfRun = false;
    if (isFirst && this.#last !== null) {
      if (entry.cursor === this.#last.cursor) return;
      this.#isCursorStale = false;
      this.#tellGap('source-reset', this.#last.time, Math.max(entry.time, this.#last.time), null);
    }
    this.#last = { cursor: entry.cursor, time: entry.time };
    this.#options.onEntry(entry);
  }

  #tell(...state: Parameters<SourceStatus['tell']>): void {
    const { host } = this.#options;
    this.#status ??= createSourceStatus((observation) => this.#emit(observation), {
      host,
      id: 'journal',
      kind: 'journal',
      label: 'journal',
    });
    this.#status.tell(...state);
  }

  #tellGap(reason: 'source-reset' | 'source-overflow', from: number, to: number, count: number | null): void {
    this.#emit({ name: 'gap', data: { host: this.#options.host, channel: 'logs', reason, from, to, count } });
  }
}
