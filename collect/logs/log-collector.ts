/** Follows the logs of one machine: all kinds of sources behind one `start`. */
import type { Readable } from 'node:stream';
import type { Observation } from '../../shared/events.ts';
import { EngineWatch, type EngineWatchOptions } from './containers/engine-watch.ts';
import { alwaysExcluded, isDefaultLogFiles, journalCopies } from './default-log-files.ts';
import { createAllowList } from './file/allow-list.ts';
import { FileSource } from './file/file-source.ts';
import { JournalSource } from './journal/journal-source.ts';
import { isJournalReadable } from './journal/readable-journal.ts';
import { createLineEmitter, type LineEmitter } from './line-emitter.ts';
import type { LogPositions } from './log-positions.ts';
import type { Emit } from './log-source-reader.ts';
import type { Room } from './room.ts';
import { StdinSource } from './stdin/stdin-source.ts';
import type { SystemLog } from './system/system-log.ts';
import { SystemLogSource } from './system/system-log-source.ts';

export { defaultLogFiles } from './default-log-files.ts';

const DEFAULT_BACKLOG_BYTES = 16 * 1024;
const DEFAULT_RESCAN_MS = 5_000;
const DEFAULT_MAX_FILES = 256;
/** Lines that come singly are read in groups. */
const DEFAULT_READ_PAUSE_MS = 10;
const DEFAULT_LINGER_MS = 10_000;

export interface LogCollectorOptions {
  host: string;
  /** Globs of absolute paths: "/var/log/*.log", "/var/log/**\/*.log". Nothing else is ever read. */
  files: readonly string[];
  /** Globs left out. Rotated, compressed and binary files are left out besides. */
  exclude: readonly string[];
  /** `auto`: the systemd journal where this machine has one. */
  journal: 'auto' | 'off';
  /** Of the journal these units alone, see `JournalSourceOptions`. Default none: all. */
  units?: readonly string[];
  /** Read at the first start from the end of each file, whole lines. Default 16 KiB; 0: only what is new. */
  backlogBytes?: number;
  /** New files by glob are searched for this often where no watch tells of them. Default 5000. */
  rescanMs?: number;
  /** Least time between two reads of one file: each costs as much as many lines. Default 10. */
  readPauseMs?: number;
  /** A rotated file is looked at until nothing was written to it for this long. Default 10,000. */
  lingerMs?: number;
  /** Files followed at once; the rest is told as one failed source. Default 256. */
  maxFiles?: number;
  /** Default: `journalctl` on the PATH. */
  journalctlPath?: string;
  /** Where journald keeps its files. Default: the system's places. */
  journalFolders?: readonly string[];
  /** `auto`: the containers of Docker or Podman where their socket is. Default `off`. */
  containers?: 'auto' | 'off';
  /** The engine's socket. Default null: the first of the known places that is there. */
  containerSocket?: string | null;
  /** Lines that come by themselves, and what they are called. Default null: none. */
  stdin?: { name: string; input: Readable } | null;
  /** The system's own log on macOS and Windows; null, the default: none. */
  systemLog?: SystemLog | null;
  /** Where an earlier start got to: reading goes on there, through rotations since. Default null: this is the first. */
  positions?: LogPositions | null;
  /** Whether more lines are welcome: while they are not, sources are not read. Default: always. */
  room?: Room;
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
  const emitter = createLineEmitter(options.host, (observation) => emit(observation), options.room);
  const files = fileSourceOf(options, emitter);
  const journal = options.journal === 'off' ? null : journalSourceOf(options, emitter);
  const containers =
    options.containers === 'auto' ? new EngineWatch(engineOptionsOf(options, emitter)) : null;
  const stdin = options.stdin == null ? null : stdinSourceOf(options, options.stdin, emitter);
  const system = options.systemLog == null ? null : systemSourceOf(options, options.systemLog, emitter);
  const readers = [files, journal, containers, stdin, system].filter((reader) => reader !== null);
  const placesOfOthers = (): OtherPlaces => ({
    journal: journal?.last ?? null,
    ...(containers?.positions != null && { containers: containers.positions }),
    ...(system?.positions != null && { system: system.positions }),
  });
  let handedOver = JSON.stringify(placesOfOthers());
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
      return { at: Date.now(), files: files.positions(false), ...placesOfOthers() };
    },
    changedPositions() {
      // A line that waits for its stack trace was read, and is to be handed over with the position behind it.
      emitter.flush();
      const changed = files.positions(true);
      const others = placesOfOthers();
      const mark = JSON.stringify(others);
      if (changed.length === 0 && mark === handedOver) return null;
      handedOver = mark;
      return { at: Date.now(), files: changed, ...others };
    },
    async [Symbol.asyncDispose]() {
      for (const reader of readers.toReversed()) await reader[Symbol.asyncDispose]();
      emitter.flush();
    },
  };
}

type OtherPlaces = Omit<LogPositions, 'at' | 'files'>;

function fileSourceOf(options: LogCollectorOptions, emitter: LineEmitter): FileSource {
  return new FileSource({
    host: options.host,
    allowList: createAllowList(options.files, [...alwaysExcluded, ...options.exclude, ...copiesOf(options)]),
    backlogBytes: options.backlogBytes ?? DEFAULT_BACKLOG_BYTES,
    rescanMs: options.rescanMs ?? DEFAULT_RESCAN_MS,
    readPauseMs: options.readPauseMs ?? DEFAULT_READ_PAUSE_MS,
    lingerMs: options.lingerMs ?? DEFAULT_LINGER_MS,
    maxFiles: options.maxFiles ?? DEFAULT_MAX_FILES,
    kept: options.positions ?? null,
    openLines: (label) => emitter.open(label),
    room: emitter.room,
  });
}

function journalSourceOf(options: LogCollectorOptions, emitter: LineEmitter): JournalSource {
  return new JournalSource({
    host: options.host,
    journalctlPath: options.journalctlPath ?? 'journalctl',
    last: options.positions?.journal ?? null,
    ...(options.units !== undefined && { units: options.units }),
    onEntry: (entry) => emitter.entry(entry),
    room: emitter.room,
    lookMs: options.rescanMs ?? DEFAULT_RESCAN_MS,
    ...(options.journalFolders !== undefined && { folders: options.journalFolders }),
  });
}

function engineOptionsOf(options: LogCollectorOptions, emitter: LineEmitter): EngineWatchOptions {
  const { host, containerSocket, positions, rescanMs } = options;
  return {
    host,
    emitter,
    socketPath: containerSocket ?? null,
    lookMs: rescanMs ?? DEFAULT_RESCAN_MS,
    kept: positions == null ? null : (positions.containers ?? []),
  };
}

function stdinSourceOf(
  { host }: LogCollectorOptions,
  { name, input }: { name: string; input: Readable },
  emitter: LineEmitter,
): StdinSource {
  return new StdinSource({ host, name, input, lines: emitter.open(name), room: emitter.room });
}

function systemSourceOf(options: LogCollectorOptions, log: SystemLog, emitter: LineEmitter): SystemLogSource {
  return new SystemLogSource({ host: options.host, log, emitter, kept: options.positions?.system ?? null });
}

/** Each line once: rsyslog's copies of the journal are left out, unless they were asked for. */
function copiesOf({ files, journal, journalFolders }: LogCollectorOptions): readonly string[] {
  return journal === 'auto' && isDefaultLogFiles(files) && isJournalReadable(journalFolders)
    ? journalCopies
    : [];
}
