/** Follows the logs of one machine: every kind of source behind one `start`. */
import type { Observation } from '../../shared/events.ts';
import { alwaysExcluded, isDefaultLogFiles, journalCopies } from './default-log-files.ts';
import { createAllowList } from './file/allow-list.ts';
import { FileSource } from './file/file-source.ts';
import { JournalSource } from './journal/journal-source.ts';
import { isJournalReadable } from './journal/readable-journal.ts';
import { createLineEmitter, type LineEmitter } from './line-emitter.ts';
import type { LogPositions } from './log-positions.ts';
import type { Emit, LogSourceReader } from './log-source-reader.ts';

export { defaultLogFiles } from './default-log-files.ts';

const DEFAULT_BACKLOG_BYTES = 16 * 1024;
const DEFAULT_RESCAN_MS = 5_000;
const DEFAULT_MAX_FILES = 256;
/** Lines that come singly are read in groups. */
const DEFAULT_READ_PAUSE_MS = 10;

export interface LogCollectorOptions {
  host: string;
  /** Globs of absolute paths: "/var/log/*.log", "/var/log/**\/*.log". Nothing else is ever read. */
  files: readonly string[];
  /** Globs left out. Rotated, compressed and binary files are left out besides. */
  exclude: readonly string[];
  /** `auto`: the systemd journal where this machine has one. */
  journal: 'auto' | 'off';
  /** Read at the first start from the end of each file, whole lines. Default 16 KiB; 0: only what is new. */
  backlogBytes?: number;
  /** New files by glob are searched for this often where no watch tells of them. Default 5000. */
  rescanMs?: number;
  /** Least time between two reads of one file: each costs as much as many lines. Default 10. */
  readPauseMs?: number;
  /** Files followed at once; the rest is told as one failed source. Default 256. */
  maxFiles?: number;
  /** Default: `journalctl` on the PATH. */
  journalctlPath?: string;
  /** Where an earlier start got to: reading goes on there, through rotations since. Default null: this is the first. */
  positions?: LogPositions | null;
}

export interface LogCollector extends AsyncDisposable {
  /** Resolves once the files that are there were found and their backlog handed over. Never throws for a bad source. */
  start(emit: (observation: Observation) => void): Promise<void>;
  /** Hands over at once the lines that would wait for `readPauseMs` to be over. Never rejects. */
  readNow(): Promise<void>;
  /** How far was read: all that was handed over by now, and nothing else. */
  positions(): LogPositions;
  /** What changed in it since the last such call; null: nothing. Cheap where nothing did. */
  changedPositions(): LogPositions | null;
}

export function createLogCollector(options: LogCollectorOptions): LogCollector {
  let emit: Emit = () => undefined;
  const emitter = createLineEmitter(options.host, (observation) => emit(observation));
  const files = fileSourceOf(options, emitter);
  const journal = options.journal === 'off' ? null : journalSourceOf(options, emitter);
  const readers: LogSourceReader[] = journal === null ? [files] : [files, journal];
  let handedOver = journal?.last ?? null;
  return {
    async start(onObservation) {
      emit = onObservation;
      await Promise.all(readers.map((reader) => reader.start(emit)));
      emitter.flush();
    },
    async readNow() {
      await files.readNow();
      emitter.flush();
    },
    positions() {
      emitter.flush();
      return { at: Date.now(), files: files.positions(false), journal: journal?.last ?? null };
    },
    changedPositions() {
      // A line that waits for its stack trace was read, and is to be handed over with the position behind it.
      emitter.flush();
      const changed = files.positions(true);
      const last = journal?.last ?? null;
      if (changed.length === 0 && last === handedOver) return null;
      handedOver = last;
      return { at: Date.now(), files: changed, journal: last };
    },
    async [Symbol.asyncDispose]() {
      for (const reader of readers.toReversed()) await reader[Symbol.asyncDispose]();
    },
  };
}

function fileSourceOf(options: LogCollectorOptions, emitter: LineEmitter): FileSource {
  return new FileSource({
    host: options.host,
    allowList: createAllowList(options.files, [...alwaysExcluded, ...options.exclude, ...copiesOf(options)]),
    backlogBytes: options.backlogBytes ?? DEFAULT_BACKLOG_BYTES,
    rescanMs: options.rescanMs ?? DEFAULT_RESCAN_MS,
    readPauseMs: options.readPauseMs ?? DEFAULT_READ_PAUSE_MS,
    maxFiles: options.maxFiles ?? DEFAULT_MAX_FILES,
    kept: options.positions ?? null,
    openLines: (label) => emitter.open(label),
  });
}

function journalSourceOf(options: LogCollectorOptions, emitter: LineEmitter): JournalSource {
  return new JournalSource({
    host: options.host,
    journalctlPath: options.journalctlPath ?? 'journalctl',
    last: options.positions?.journal ?? null,
    onEntry: (entry) => emitter.entry(entry),
  });
}

/** Each line once: rsyslog's copies of the journal are left out, unless they were asked for. */
function copiesOf({ files, journal }: LogCollectorOptions): readonly string[] {
  return journal === 'auto' && isDefaultLogFiles(files) && isJournalReadable() ? journalCopies : [];
}
