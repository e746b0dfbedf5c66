/**
 * Where files are written all the time, their folder's watch would wake this process far more often than they are read, and each wake costs
 * as much as a hundred lines. So that watch rests, and they are read by the clock until they are quiet (docs/adr/0092).
 */
import path from 'node:path';
import type { FolderWatches } from './folder-watch.ts';
import type { FollowedFile } from './followed-file.ts';

/** Time between two looks at how often watches told. */
export const LOOK_MS = 500;
/** Of a file, between two looks: fewer cost less than what resting brings with it. */
const MIN_TOLD = 25;
/** Files of one folder: more cost more to ask than their watch does to tell. */
const MAX_FILES = 16;
/** Of all that was told of files in a folder: the rest is of those that wait for the next look. */
const BUSY_SHARE = 0.95;

export interface BusyFoldersOptions {
  watches: FolderWatches;
  /** Least time between two reads of one file, in milliseconds. */
  readPauseMs: number;
  /** No watch tells what is new in a folder from now on. */
  onRest: () => void;
  /** The folder is watched again; what changed in it meanwhile was not told. */
  onResumed: (folder: string) => void;
}

interface Told {
  follower: FollowedFile;
  times: number;
}

export class BusyFolders {
  readonly #options: BusyFoldersOptions;
  /** By folder: those that are read by the clock, for whose sake its watch rests. */
  readonly #byClock = new Map<string, Set<FollowedFile>>();

  constructor(options: BusyFoldersOptions) {
    this.#options = options;
  }

  /** To be called every `LOOK_MS`. */
  look(followers: Iterable<FollowedFile>): void {
    const byFolder = new Map<string, Told[]>();
    for (const follower of followers) {
      const times = follower.loop.takeTold();
      if (this.#isUntold(follower)) void follower.wake('poll');
      const folder = path.dirname(follower.realPath);
      const told = byFolder.get(folder);
      if (told === undefined) byFolder.set(folder, [{ follower, times }]);
      else told.push({ follower, times });
    }
    for (const [folder, told] of byFolder)
      if (this.#options.watches.isTrusted(folder)) this.#judge(folder, told);
  }

  /** Its watch rests for the sake of another file. */
  #isUntold({ path: file, realPath, loop }: FollowedFile): boolean {
    const { watches } = this.#options;
    const isResting = watches.isResting(path.dirname(realPath)) || watches.isResting(path.dirname(file));
    return isResting && !loop.isByClock;
  }

  #judge(folder: string, told: readonly Told[]): void {
    const { watches, readPauseMs } = this.#options;
    // As often as they would be read, or nearly so.
    const busyTimes = Math.max(MIN_TOLD, (0.8 * LOOK_MS) / readPauseMs);
    const busy = told.filter(({ times }) => times >= busyTimes);
    const isBusy = busy.length > 0 && sum(busy) >= BUSY_SHARE * sum(told);
    if (!isBusy || told.length > MAX_FILES) return;
    // One may have been read by the clock in another folder, if it is a link that was led elsewhere.
    for (const { follower } of busy) this.leave(follower);
    watches.rest(folder);
    this.#options.onRest();
    const byClock = this.#byClock.get(folder) ?? new Set();
    this.#byClock.set(folder, byClock);
    for (const { follower } of busy) {
      byClock.add(follower);
      follower.loop.runByClock(() => this.leave(follower));
    }
  }

  /** It is quiet, or not followed any more: no watch rests for its sake. */
  leave(follower: FollowedFile): void {
    for (const [folder, byClock] of this.#byClock) {
      if (!byClock.delete(follower) || byClock.size > 0) continue;
      this.#byClock.delete(folder);
      this.#options.watches.resume(folder);
      this.#options.onResumed(folder);
    }
  }
}

function sum(told: readonly Told[]): number {
  return told.reduce((all, { times }) => all + times, 0);
}
