/** The keeper: brings what came on tapes into the file, seals what is over, and removes what is too old or too much. Runs in a thread of its own. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { tapesIn, type ArchiveFile } from '../../../archive/archive-folder.ts';
import type { Tier } from '../ladder.ts';
import { isFileDamage } from './damage.ts';
import { HistoryFile } from './history-file.ts';
import { mendFile } from './mend.ts';
import { keepBounds } from './retention.ts';
import { rollUp } from './roll-up.ts';
import { sealProcesses, sealRows } from './seal.ts';
import { stretchOf, spanAt } from './spans.ts';
import { stageTapes } from './stage.ts';
import { HISTORY_FILE } from './file-name.ts';

export interface KeeperOptions {
  folder: string;
  ladder: readonly Tier[];
  /** Bytes that the file may have in use. */
  maxBytes: number;
  /** The write-ahead log may grow to this, in bytes. Default 64 MiB. */
  maxLogBytes?: number;
  /** Told, a sentence each, what was damaged and is lost. */
  onDamaged: (what: string) => void;
}

/**
 * Brings these tapes in, as `HistoryKeeper.keep` does; where the file turns out to be damaged, it is mended, and what was to be done is done again:
 * once. Answers the bytes in use.
 */
export function keepOrMend(options: KeeperOptions, names: readonly string[] | null, now: number): number {
  try {
    return keepOnce(options, names, now);
  } catch (error) {
    if (!isFileDamage(error)) throw error;
    const { folder, ladder, onDamaged } = options;
    onDamaged(mendFile({ file: path.join(folder, HISTORY_FILE), ladder, cause: error, now }));
    return keepOnce(options, names, now);
  }
}

function keepOnce(options: KeeperOptions, names: readonly string[] | null, now: number): number {
  using keeper = new HistoryKeeper(options, now);
  keeper.keep(names, now);
  return keeper.bytes;
}

/** Tapes brought in at once: what that takes in memory is some times as much. */
const TOGETHER_BYTES = 12 * 1024 * 1024;
/** What comes a little late is waited for, so that a span is sealed once and not twice. */
const GRACE_MS = 120_000;
/** What came late for sealed spans is worked in when the next span is over, so that it is done once; with so many bytes staged at once. */
const MAX_STAGED_BYTES = 64 * 1024 * 1024;

export class HistoryKeeper implements Disposable {
  readonly #options: KeeperOptions;
  readonly #file: HistoryFile;

  /** Throws what SQLite throws. `now` in epoch milliseconds: where history begins, if it is new. */
  constructor(options: KeeperOptions, now: number) {
    this.#options = options;
    const { folder, ladder } = options;
    this.#file = new HistoryFile(path.join(folder, HISTORY_FILE), { tiers: ladder.length });
    // What is older than this came late: it is worked into every tier at once.
    if (this.#file.marksOf(0) === null) this.#file.completeMarks(ladder, now);
  }

  /** Brings these tapes in; null: all there are, where nobody writes any. Throws what the disk throws; then what was not brought in stays. */
  keep(names: readonly string[] | null, now: number): void {
    const { folder, ladder, maxBytes, onDamaged } = this.#options;
    this.#refuseEndlessLog();
    const tapes = tapesIn(folder).filter(({ name }) => names?.includes(name) ?? true);
    this.#forgetMoved();
    for (const together of groupsOf(tapes)) stageTapes(this.#file, ladder, together, now);
    if (this.#isTimeToSeal(now)) {
      const parts = { file: this.#file, ladder, onDamaged: (error: Error) => onDamaged(error.message) };
      sealRows(parts, now - GRACE_MS);
      sealProcesses(parts, now - GRACE_MS);
      rollUp(parts);
    }
    keepBounds(this.#file, ladder, maxBytes, now);
    this.#file.writeBack();
  }

  /** In use in the file. */
  get bytes(): number {
    return this.#file.bytes;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  /** Somebody who reads the file without end keeps the log from being begun anew: samples wait on tapes, whose room is bounded. */
  #refuseEndlessLog(): void {
    const { folder, maxLogBytes = 64 * 1024 * 1024 } = this.#options;
    const { size = 0 } = statSync(path.join(folder, `${HISTORY_FILE}-wal`), { throwIfNoEntry: false }) ?? {};
    if (size <= maxLogBytes || this.#file.cutLog()) return;
    throw new Error(`another program has been reading ${HISTORY_FILE} for too long`);
  }

  #isTimeToSeal(now: number): boolean {
    const [finest] = this.#options.ladder;
    const over = stretchOf(finest!, spanAt(finest!, now - GRACE_MS)).from;
    return over > this.#file.marksOf(0)!.sealed || this.#file.stagedBytes > MAX_STAGED_BYTES;
  }

  /** Of tapes that went with an earlier call: who reads a tape and then the file finds its name there. */
  #forgetMoved(): void {
    const there = new Set(tapesIn(this.#options.folder).map(({ name }) => name));
    for (const name of this.#file.moved) if (!there.has(name)) this.#file.forgetMoved(name);
  }
}

function groupsOf(tapes: readonly ArchiveFile[]): ArchiveFile[][] {
  const groups: ArchiveFile[][] = [];
  let bytes = Infinity;
  for (const tape of tapes) {
    if (bytes + tape.bytes > TOGETHER_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(tape);
    bytes += tape.bytes;
  }
  return groups;
}
