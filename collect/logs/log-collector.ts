/** Follows the logs of one machine: every kind of source behind one `start`. */
import type { Observation } from '../../shared/events.ts';
import { alwaysExcluded, isDefaultLogFiles, journalCopies } from './default-log-files.ts';
import { createAllowList } from './file/allow-list.ts';
import { FileSource } from './file/file-source.ts';
import { JournalSource } from './journal/journal-source.ts';
import { isJournalReadable } from './journal/readable-journal.ts';
import { createLineEmitter } from './line-emitter.ts';
import type { Emit, LogSourceReader } from './log-source-reader.ts';

export { defaultLogFiles } from './default-log-files.ts';

const DEFAULT_BACKLOG_BYTES = 16 * 1024;
const DEFAULT_RESCAN_MS = 5_000;
const DEFAULT_MAX_FILES = 256;

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
  /** Files followed at once; the rest is told as one failed source. Default 256. */
  maxFiles?: number;
  /** Default: `journalctl` on the PATH. */
  journalctlPath?: string;
}

export interface LogCollector extends AsyncDisposable {
  /** Resolves once the files that are there were found and their backlog handed over. Never throws for a bad source. */
  start(emit: (observation: Observation) => void): Promise<void>;
}

export function createLogCollector(options: LogCollectorOptions): LogCollector {
  let readers: LogSourceReader[] = [];
  return {
    async start(emit) {
      readers = openReaders(options, emit);
      await Promise.all(readers.map((reader) => reader.start(emit)));
    },
    async [Symbol.asyncDispose]() {
      for (const reader of readers.reverse()) await reader[Symbol.asyncDispose]();
      readers = [];
    },
  };
}

function openReaders(options: LogCollectorOptions, emit: Emit): LogSourceReader[] {
  const emitter = createLineEmitter(options.host, emit);
  const files = new FileSource({
    host: options.host,
    allowList: createAllowList(options.files, [...alwaysExcluded, ...options.exclude, ...copiesOf(options)]),
    backlogBytes: options.backlogBytes ?? DEFAULT_BACKLOG_BYTES,
    rescanMs: options.rescanMs ?? DEFAULT_RESCAN_MS,
    maxFiles: options.maxFiles ?? DEFAULT_MAX_FILES,
    onLine: (label, text, isTruncated) => emitter.line(label, text, isTruncated),
  });
  if (options.journal === 'off') return [files];
  const journal = new JournalSource({
    host: options.host,
    journalctlPath: options.journalctlPath ?? 'journalctl',
    onEntry: (entry) => emitter.entry(entry),
  });
  return [files, journal];
}

/** Each line once: rsyslog's copies of the journal are left out, unless they were asked for. */
function copiesOf({ files, journal }: LogCollectorOptions): readonly string[] {
  return journal === 'auto' && isDefaultLogFiles(files) && isJournalReadable() ? journalCopies : [];
}
