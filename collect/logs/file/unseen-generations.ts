/** Which generations of a path may have come and gone unseen: those born since the file before the open one was opened. */
import { findCopy, findLaterGenerations, findRotated, type FoundGeneration } from './earlier-generations.ts';
import { fileId, hasHeadOf, type FileGeneration, type FilePosition } from './file-generation.ts';
import type { KeptFile } from './kept-positions.ts';

/** File times come from a clock that ticks only every few milliseconds. */
const CLOCK_SLACK_NS = 20_000_000n;

/** What of a `PositionLedger` is asked: which files were read, and are being read. */
interface ReadFiles {
  isFollowed(id: string): boolean;
  position(id: string): FilePosition | null;
}

export class UnseenGenerations {
  readonly #path: string;
  readonly #read: ReadFiles;
  /** Epoch nanoseconds. */
  #sinceNs = 0n;
  #openedNs = 0n;

  constructor(path: string, read: ReadFiles) {
    this.#path = path;
    this.#read = read;
  }

  /** Epoch nanoseconds: when the open file was opened. */
  get openedNs(): bigint {
    return this.#openedNs;
  }

  /** The next file was opened, at `atNs`. */
  opened({ birthtimeNs }: FileGeneration, atNs: bigint): void {
    this.#sinceNs = this.#openedNs;
    this.#openedNs = latest(atNs - CLOCK_SLACK_NS, birthtimeNs + 1n);
    if (this.#sinceNs === 0n) this.#sinceNs = this.#openedNs;
  }

  /** An earlier start of this program opened `kept`, and the newest file it read was born at `lastReadNs`. */
  goOn(kept: KeptFile, lastReadNs: bigint): void {
    this.#openedNs = BigInt(kept.openedNs);
    this.#sinceNs = latest(this.#openedNs, lastReadNs + 1n);
  }

  /** Oldest first; the caller closes the handles. */
  find(): Promise<FoundGeneration[]> {
    return findLaterGenerations(this.#path, this.#sinceNs, this.#isRead);
  }

  /** The copy a copytruncate made of a file read up to `position`, and what was born after it; none where there is no copy. */
  async findCopy(position: FilePosition): Promise<[FoundGeneration, ...FoundGeneration[]] | null> {
    const copy = await findCopy(this.#path, position, this.#isRead);
    if (copy === null) return null;
    const isCopy = ({ stats }: FoundGeneration) => fileId(stats) === fileId(copy.stats);
    const later = await findLaterGenerations(
      this.#path,
      copy.stats.birthtimeNs,
      (found) => isCopy(found) || this.#isRead(found),
    );
    return [copy, ...later];
  }

  /** The file that an earlier start read up to `position`, under its name of now. */
  findRotated(position: FilePosition, kept: KeptFile): Promise<FoundGeneration | null> {
    return findRotated(this.#path, position, BigInt(kept.openedNs));
  }

  readonly #isRead = ({ stats, head }: FoundGeneration): boolean => {
    const id = fileId(stats);
    const read = this.#read.position(id);
    // A position without a head proves nothing: another file may have the inode by now.
    return this.#read.isFollowed(id) || (read !== null && read.head.length > 0 && hasHeadOf(head, read));
  };
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
