/** Follows files by glob: finds them, watches their folders, wakes their followers, and polls where no watch helps. */
import path from 'node:path';
import type { OpenLines } from '../line-emitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import type { Room } from '../room.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import type { AllowList } from './allow-list.ts';
import { BusyFolders, LOOK_MS } from './busy-folders.ts';
import { deniedReason } from './denied-reason.ts';
import { findLogFiles, type FoundLogFiles } from './find-log-files.ts';
import { FolderWatches } from './folder-watch.ts';
import { FollowedFile } from './followed-file.ts';
import { MAX_GONE_FILES, type KeptFile, type KeptFiles } from './kept-positions.ts';
import { PositionLedger } from './position-ledger.ts';
import { ReadBuffers } from './read-buffers.ts';

/** Where no watch tells of changes, each file is looked at after so many looks at busy folders: every two seconds. */
const POLL_LOOKS = 4;
/** Where a watch does, every so many polls: the safety net. */
const TRUSTED_POLLS = 5;
/** Where every folder is watched, new files are searched for this many times less often. */
const TRUSTED_RESCANS = 12;
/** A file may be there this long before a search finds it: an earlier start may have ended before. */
const UNSEEN_MS = 60_000;
/** Least time between two searches that folder changes ask for. */
const MIN_RESCAN_MS = 250;

export interface FileSourceOptions {
  host: string;
  allowList: AllowList;
  backlogBytes: number;
  rescanMs: number;
  /** Least time between two reads of one file. */
  readPauseMs: number;
  /** A rotated file is looked at until nothing was written to it for this long. */
  lingerMs: number;
  /** Files followed at most. */
  maxFiles: number;
  /** Where an earlier start of this program got to; null: this is the first. */
  kept: KeptFiles | null;
  /** Called for each file that is followed, with its source's label. */
  openLines: (label: string) => OpenLines;
  /** While there is none, nothing is read. */
  room: Room;
}

export class FileSource implements LogSourceReader {
  readonly #options: FileSourceOptions;
  readonly #followers = new Map<string, FollowedFile>();
  /** Of each follower, by its path. */
  readonly #lines = new Map<string, OpenLines>();
  /** Other names of followed files: where a link leads, and names that lead to the same file. */
  readonly #byOtherName = new Map<string, FollowedFile>();
  #folders: readonly string[] = [];
  readonly #folderStatus = new Map<string, SourceStatus>();
  readonly #ledger = new PositionLedger<FollowedFile>();
  readonly #buffers = new ReadBuffers();
  readonly #watches = new FolderWatches((folder, name, isRenamed) =>
    this.#onFolderChange(folder, name, isRenamed),
  );
  readonly #busy: BusyFolders;
  /** By path; of those that were dropped since, what is true now is in the ledger. */
  readonly #kept: Map<string, KeptFile>;
  /** Gone since positions were handed over last, the newest of them last. */
  readonly #gone = new Map<string, KeptFile>();
  /** By path: the follower's `mark` when its position was last handed over. */
  readonly #handedOver = new Map<string, string>();
  #emit: Emit = () => {};
  #limitStatus: SourceStatus | null = null;
  #scanning: Promise<void> | null = null;
  #scannedAt = 0;
  #scanTimer: NodeJS.Timeout | null = null;
  #scanDueAt = Infinity;
  #lookTimer: NodeJS.Timeout | null = null;
  #looks = 0;
  #polls = 0;
  #isDisposed = false;

  constructor(options: FileSourceOptions) {
    this.#options = options;
    this.#busy = new BusyFolders({
      watches: this.#watches,
      readPauseMs: options.readPauseMs,
      onRest: () => this.#planScan(options.rescanMs),
      onResumed: (folder) => this.#onResumed(folder),
    });
    this.#kept = new Map(options.kept?.files.map((file) => [file.path, file]));
  }

  /** How far each file was read; with `isChangedOnly` those that were read since the last such call, and those that are gone since. */
  positions(isChangedOnly: boolean): KeptFile[] {
    const followers = [...this.#followers.values()];
    if (!isChangedOnly) return followers.map((follower) => follower.keep());
    const changed = followers.filter((follower) => {
      const { mark } = follower;
      const isNew = this.#handedOver.get(follower.path) !== mark;
      if (isNew) this.#handedOver.set(follower.path, mark);
      return isNew;
    });
    const gone = [...this.#gone.values()];
    this.#gone.clear();
    return [...gone, ...changed.map((follower) => follower.keep())];
  }

  /** See `LogCollector`. */
  async readNow(): Promise<void> {
    await Promise.all([...this.#followers.values()].map((follower) => follower.readNow()));
  }

  async start(emit: Emit): Promise<void> {
    this.#emit = emit;
    await this.#scan(this.#options.backlogBytes);
    for (const [file, kept] of this.#kept)
      if (!this.#followers.has(file) && kept.goneAt === undefined) this.#noteGone(kept);
    if (!this.#isDisposed) this.#lookTimer = setInterval(() => this.#look(), LOOK_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    if (this.#lookTimer !== null) clearInterval(this.#lookTimer);
    if (this.#scanTimer !== null) clearTimeout(this.#scanTimer);
    this.#watches[Symbol.dispose]();
    // They first: a search waits for what it found to be read.
    await this.#endFollowing();
    await this.#scanning;
    await this.#endFollowing();
    for (const lines of this.#lines.values()) lines[Symbol.dispose]();
    this.#emit = () => {};
  }

  async #endFollowing(): Promise<void> {
    await Promise.all([...this.#followers.values()].map((follower) => follower[Symbol.asyncDispose]()));
  }

  #scan(backlogBytes: number | null): Promise<void> {
    this.#scanning ??= this.#search(backlogBytes)
      .catch(() => {
        // The folders changed under the search; the next one finds them.
      })
      .finally(() => {
        this.#scanning = null;
        this.#scannedAt = Date.now();
        this.#planScan(this.#scanPause());
      });
    return this.#scanning;
  }

  async #search(backlogBytes: number | null): Promise<void> {
    const found = await findLogFiles(this.#options.allowList);
    // Watches first: what is written between the search and the first read must wake somebody.
    this.#folders = found.folders;
    this.#watch();
    const literals = this.#options.allowList.patterns
      .filter(({ isLiteral }) => isLiteral)
      .map(({ glob }) => glob);
    const files = [...new Set([...found.files, ...literals])];
    const followed = files.filter((file) => this.#follower(file, backlogBytes) !== null);
    // One after another and in order: where a file has two names, the first one claims it.
    for (const file of followed) {
      if (this.#isDisposed) return;
      const follower = this.#followers.get(file)!;
      if (!follower.isOpen) await follower.wake('renamed');
      if (follower.aliasOf === null || follower.isLingering) continue;
      await this.#drop(follower);
      this.#byOtherName.set(file, follower.aliasOf);
    }
    this.#tellLimit(files.length - followed.length, files.length);
    await this.#tellFolders(found);
  }

  #follower(file: string, backlogBytes: number | null): FollowedFile | null {
    const known = this.#followers.get(file);
    if (known !== undefined) return known;
    const { host, allowList, openLines, maxFiles } = this.#options;
    if (this.#followers.size >= maxFiles) return null;
    const status = createSourceStatus((observation) => this.#emit(observation), {
      host,
      id: file,
      kind: 'file',
      label: fileLabel(file),
    });
    const lines = openLines(status.label);
    const follower = new FollowedFile({
      path: file,
      allowList,
      ledger: this.#ledger,
      buffers: this.#buffers,
      status,
      onLine: lines.onLine,
      onLoss: (since) => this.#tellLoss(since),
      onMissedChange: ({ realPath }) => this.#watches.distrust(path.dirname(realPath)),
      onOpened: (opened) => {
        if (opened.realPath === opened.path) return;
        this.#byOtherName.set(opened.realPath, opened);
        this.#watch();
      },
      backlogBytes,
      readPauseMs: this.#options.readPauseMs,
      lingerMs: this.#options.lingerMs,
      room: this.#options.room,
      kept: this.#kept.get(file) ?? null,
      keptAtNs: this.#options.kept === null ? null : BigInt(this.#options.kept.at - UNSEEN_MS) * 1_000_000n,
    });
    this.#followers.set(file, follower);
    this.#gone.delete(file);
    this.#lines.set(file, lines);
    return follower;
  }

  async #drop(follower: FollowedFile): Promise<void> {
    const { path: file } = follower;
    this.#followers.delete(file);
    this.#kept.delete(file);
    this.#handedOver.delete(file);
    for (const [name, owner] of this.#byOtherName) if (owner === follower) this.#byOtherName.delete(name);
    this.#busy.leave(follower);
    await follower.leave();
    this.#lines.get(file)?.[Symbol.dispose]();
    this.#lines.delete(file);
  }

  #watch(): void {
    const wanted = new Set(this.#folders);
    for (const follower of this.#followers.values()) {
      wanted.add(path.dirname(follower.path));
      wanted.add(path.dirname(follower.realPath));
    }
    if (!this.#isDisposed) this.#watches.watchOnly(wanted);
  }

  #onFolderChange(folder: string, name: string | null, isRenamed: boolean): void {
    // Not `path.join`, which takes as long as all the rest of this.
    const file = name === null ? null : `${folder}${folder.endsWith(path.sep) ? '' : path.sep}${name}`;
    const known = file === null ? undefined : (this.#followers.get(file) ?? this.#byOtherName.get(file));
    const follower = known?.aliasOf ?? known;
    if (follower !== undefined) void follower.wake(isRenamed || !follower.isOpen ? 'renamed' : 'written');
    else if (file === null || !isRenamed) this.#wakeLingering(folder);
    if (isRenamed) this.#scanSoon();
  }

  #onResumed(folder: string): void {
    for (const follower of this.#followers.values()) {
      const isIn = path.dirname(follower.realPath) === folder || path.dirname(follower.path) === folder;
      if (isIn) void follower.wake('renamed');
    }
    this.#scanSoon();
  }

  #scanSoon(): void {
    this.#planScan(Math.max(0, MIN_RESCAN_MS - (Date.now() - this.#scannedAt)));
  }

  /** A rotated file is written to under a name nobody asked for. */
  #wakeLingering(folder: string): void {
    for (const follower of this.#followers.values()) {
      if (follower.isLingering && path.dirname(follower.realPath) === folder) void follower.wake('written');
    }
  }

  #planScan(inMs: number): void {
    const dueAt = Date.now() + inMs;
    if (this.#isDisposed || (this.#scanTimer !== null && this.#scanDueAt <= dueAt)) return;
    if (this.#scanTimer !== null) clearTimeout(this.#scanTimer);
    this.#scanDueAt = dueAt;
    this.#scanTimer = setTimeout(() => {
      this.#scanTimer = null;
      void this.#scan(null);
    }, inMs);
  }

  #scanPause(): number {
    const { allowList, rescanMs } = this.#options;
    const folders = [...allowList.patterns.map(({ base }) => base), ...this.#folders];
    const isAllTold =
      folders.every((folder) => this.#watches.isTrusted(folder)) &&
      [...this.#folderStatus.values()].every(({ state }) => state === 'following') &&
      [...this.#followers.values()].every(({ isOpen }) => isOpen);
    return isAllTold ? rescanMs * TRUSTED_RESCANS : rescanMs;
  }

  #look(): void {
    this.#busy.look(this.#followers.values());
    if (++this.#looks % POLL_LOOKS === 0) this.#poll();
  }

  #poll(): void {
    this.#polls++;
    const isFullRound = this.#polls % TRUSTED_POLLS === 0;
    for (const [file, follower] of this.#followers) {
      const isTold = this.#watches.isTrusted(path.dirname(follower.realPath));
      if (isFullRound || !isTold || follower.isLingering)
        void follower.wake('poll').then(() => this.#forget(file));
    }
  }

  /** A file that is gone makes room for another; a literal path is waited for. */
  #forget(file: string): void {
    const follower = this.#followers.get(file);
    if (follower === undefined || follower.isOpen || follower.isLingering || this.#isDisposed) return;
    const isLiteral = this.#options.allowList.patterns.some(({ glob }) => glob === file);
    if (isLiteral || !follower.isGone) return;
    this.#noteGone(follower.keep());
    void this.#drop(follower);
  }

  #noteGone(kept: KeptFile): void {
    this.#gone.set(kept.path, { ...kept, goneAt: Date.now() });
    if (this.#gone.size > MAX_GONE_FILES) this.#gone.delete(this.#gone.keys().next().value!);
  }

  #tellLoss(since: number): void {
    const { host } = this.#options;
    this.#emit({
      name: 'gap',
      data: { host, channel: 'logs', reason: 'source-reset', from: since, to: Date.now(), count: null },
    });
  }

  #tellLimit(left: number, all: number): void {
    if (left === 0 && this.#limitStatus === null) return;
    const { host, maxFiles } = this.#options;
    this.#limitStatus ??= createSourceStatus((observation) => this.#emit(observation), {
      host,
      id: 'file-limit',
      kind: 'file',
      label: 'more files',
    });
    if (left === 0) this.#limitStatus.tell('following', null);
    else {
      this.#limitStatus.tell(
        'failed',
        `${all} files match and at most ${maxFiles} are followed, so ${left} are left out. Narrow \`logs.files\` or widen \`logs.exclude\`.`,
      );
    }
  }

  async #tellFolders({ unreadable, folders }: FoundLogFiles): Promise<void> {
    const { host } = this.#options;
    for (const { folder } of unreadable) {
      let status = this.#folderStatus.get(folder);
      if (status === undefined) {
        const label = `${fileLabel(folder)}/`;
        status = createSourceStatus((observation) => this.#emit(observation), {
          host,
          id: folder,
          kind: 'file',
          label,
        });
        this.#folderStatus.set(folder, status);
      }
      status.tell('denied', await deniedReason(folder));
    }
    for (const folder of folders) this.#folderStatus.get(folder)?.tell('following', null);
  }
}

/** Under /var/log the path below it, elsewhere the file with its folder: "nginx/access.log". */
function fileLabel(file: string): string {
  const normal = path.sep === '/' ? file : file.replaceAll(path.sep, '/');
  const systemLog = /^\/(?:private\/)?var\/log\//.exec(normal);
  return systemLog ? normal.slice(systemLog[0].length) : normal.split('/').slice(-2).join('/');
}
