/**
 * Follows the systemd journal through one long-lived `journalctl`. When that ends it is started again,
 * ever later, from the entry it got to; where that entry is gone by then, a gap is declared.
 */
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import { RestartedChild } from '../restarted-child.ts';
import type { Room } from '../room.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import { isSameEntry, journalFields, parseJournalEntry, type JournalEntry } from './journal-entry.ts';
import { journalTrouble, noJournal, type JournalTrouble } from './journal-trouble.ts';
import { hasJournal, placesOf } from './readable-journal.ts';

/** Entries read at the first start. */
const BACKLOG_ENTRIES = 200;
/** ... of chosen units. Not a number: with one, journalctl (252) passes over all that comes, where a unit had nothing to say before. */
const UNIT_BACKLOG_MS = 60_000;
/** One entry as JSON: a message of 64 KiB as an array of byte values takes five times that. */
const MAX_ENTRY_BYTES = 1024 * 1024;

const DEFAULT_LOOK_MS = 5_000;

/** An entry, as a place to go on from. */
export interface JournalPosition {
  cursor: string;
  /** Epoch milliseconds. */
  time: number;
  /** As in `JournalSourceOptions`. Left out: none. */
  units?: readonly string[];
}

export interface JournalSourceOptions {
  host: string;
  journalctlPath: string;
  /** Pause before the first restart, doubled each time up to 30 s. Default 1000. */
  restartMs?: number;
  /** The newest entry that an earlier start of this program read. Default null: this is the first. */
  last?: JournalPosition | null;
  onEntry: (entry: JournalEntry) => void;
  /** As systemctl names them: "nginx", "backup.timer". Default none: all that is in the journal. */
  units?: readonly string[];
  room: Room;
  /** Where journald keeps its files. Default: the system's places. */
  folders?: readonly string[];
  /** How often is looked whether one of them came. Default 5000. */
  lookMs?: number;
}

export class JournalSource implements LogSourceReader {
  readonly #options: JournalSourceOptions;
  readonly #child: RestartedChild;
  #emit: Emit = () => {};
  #status: SourceStatus | null = null;
  #last: JournalPosition | null;
  /** What journalctl complained of in this life. */
  #trouble: JournalTrouble | null = null;
  #isCursorStale = false;
  #isFirstOfRun = false;
  /** The folders that this life of journalctl began with. */
  #places: readonly string[] = [];
  /** Epoch milliseconds since which there was none of them; null: there was one from the first. */
  #emptySince: number | null = null;
  /** Epoch milliseconds. */
  #startedAt = 0;
  #looking: NodeJS.Timeout | null = null;

  constructor(options: JournalSourceOptions) {
    const { journalctlPath, restartMs, last, room, folders, lookMs = DEFAULT_LOOK_MS } = options;
    this.#options = options;
    this.#last = last ?? null;
    this.#child = new RestartedChild({
      command: journalctlPath,
      args: () => this.#begin(),
      maxLineBytes: MAX_ENTRY_BYTES,
      room,
      ...(restartMs !== undefined && { restartMs }),
      onLine: (json) => this.#onEntry(json),
      onComplaint: (line) => this.#onComplaint(line),
      onStarted: () => {
        this.#looking ??= setInterval(() => this.#look(), lookMs);
        // Following, journalctl itself says nothing of it.
        const reason = hasJournal(folders) ? 'journalctl was started; no entry came so far.' : noJournal;
        if (this.#status === null) this.#tell('waiting', reason);
      },
      onEnded: (how) => {
        if (this.#trouble !== null) return;
        this.#tell(
          'failed',
          `journalctl ended (${how}); it is started again and goes on from the last entry.`,
        );
      },
    });
  }

  /** The newest entry read; null before the first. */
  get last(): JournalPosition | null {
    return this.#last;
  }

  /** Resolves once journalctl runs, or is known not to exist: then there is no journal, and no source. */
  async start(emit: Emit): Promise<void> {
    this.#emit = emit;
    this.#startedAt = Date.now();
    if (!hasJournal(this.#options.folders)) this.#emptySince = Date.now();
    await this.#child.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    if (this.#looking !== null) clearInterval(this.#looking);
    this.#emit = () => {};
  }

  #begin(): string[] {
    this.#isFirstOfRun = true;
    this.#trouble = null;
    this.#places = placesOf(this.#options.folders);
    return this.#arguments();
  }

  /** journalctl never sees a folder that was not there when it began: not the first journal, nor one that moved to the disk. */
  #look(): void {
    const isKnown = (place: string) => this.#places.includes(place);
    if (!placesOf(this.#options.folders).every(isKnown)) this.#child.renew();
  }

  #onComplaint(line: string): void {
    const trouble = journalTrouble(line);
    if (trouble === null) return;
    this.#trouble = trouble;
    if (trouble.isStaleCursor) this.#isCursorStale = true;
    this.#tell(trouble.state, trouble.reason);
  }

  #arguments(): string[] {
    const units = this.#units.map((unit) => `--unit=${unit}`);
    const fields = `--output-fields=${journalFields.join(',')}`;
    const always = ['--follow', '--output=json', '--all', fields, ...units];
    const since = (time: number) => [...always, '--no-tail', `--since=@${Math.floor(time / 1000)}`];
    if (this.#last === null) {
      const from = this.#emptySince ?? (units.length === 0 ? null : this.#startedAt - UNIT_BACKLOG_MS);
      return from === null ? [...always, `--lines=${BACKLOG_ENTRIES}`] : since(from);
    }
    if (this.#isCursorStale) return since(this.#last.time);
    // Not --after-cursor: the entry itself comes first, and proves that nothing behind it was vacuumed.
    return [...always, '--no-tail', `--cursor=${this.#last.cursor}`];
  }

  #onEntry(json: string): void {
    const entry = parseJournalEntry(json);
    if (entry === null) {
      if (json !== '') this.#tellGap('source-overflow', this.#last?.time ?? Date.now(), Date.now(), 1);
      return;
    }
    if (this.#trouble?.state !== 'denied') this.#tell('following', null);
    // A seek by time starts with the whole second: what was read before comes again.
    if (this.#isCursorStale && this.#last !== null && entry.time <= this.#last.time) return;
    const isFirst = this.#isFirstOfRun;
    this.#isFirstOfRun = false;
    if (isFirst && this.#last !== null) {
      if (isSameEntry(entry.cursor, this.#last.cursor)) return;
      this.#isCursorStale = false;
      // The last entry of other units is not among those of these.
      if (this.#isOfSameUnits(this.#last))
        this.#tellGap('source-reset', this.#last.time, Math.max(entry.time, this.#last.time), null);
    }
    const units = this.#units.length === 0 ? {} : { units: this.#units };
    this.#last = { cursor: entry.cursor, time: entry.time, ...units };
    this.#options.onEntry(entry);
  }

  get #units(): readonly string[] {
    return this.#options.units ?? [];
  }

  #isOfSameUnits({ units = [] }: JournalPosition): boolean {
    return units.join('\n') === this.#units.join('\n');
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
