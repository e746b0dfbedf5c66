/** The keeper: moves tapes into volumes, begins new volumes, and removes what is too old or too much. Runs in a thread of its own. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { ArchivedEntry } from '../archived.ts';
import {
  applyBounds,
  begunAt,
  bytesIn,
  nextName,
  setAside,
  tapesIn,
  volumesIn,
  type ArchiveFile,
  type Bounds,
} from '../archive-folder.ts';
import { isDamage } from '../damage.ts';
import { readTape } from '../tape/tape.ts';
import { Volume } from './volume.ts';

export interface KeeperOptions extends Bounds {
  folder: string;
  /** A volume that has grown to this is followed by another, in bytes. Default: a sixteenth of `maxBytes`, within reason. */
  volumeBytes?: number;
  /** A volume was damaged and is out of the way; lines in it are lost. */
  onDamaged: (file: string, cause: Error) => void;
}

/** Of the whole room a volume takes a sixteenth, between these, so that little goes at once when there is too much. */
const VOLUME_SHARE = 16;
const SMALLEST_VOLUME = 4 * 1024 * 1024;
const LARGEST_VOLUME = 64 * 1024 * 1024;
/** ... and of the whole time about a seventh. */
const VOLUME_AGES = 7;
/** Tapes moved at once: what that takes in memory is some times as much. */
const MOVED_BYTES = 6 * 1024 * 1024;

export class Keeper implements Disposable {
  readonly #options: KeeperOptions;
  #open: { volume: Volume; file: string } | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Moves these tapes; null: all there are, where nobody writes any. Throws what the disk throws; then what was not moved stays. */
  move(names: readonly string[] | null): void {
    const tapes = tapesIn(this.#options.folder).filter(({ name }) => names?.includes(name) ?? true);
    for (let at = 0; at < tapes.length;) {
      const together: ArchiveFile[] = [];
      let bytes = 0;
      while (at < tapes.length && (bytes === 0 || bytes + tapes[at]!.bytes <= MOVED_BYTES)) {
        bytes += tapes[at]!.bytes;
        together.push(tapes[at++]!);
      }
      this.#mend(() => this.#moveTogether(together));
      this.#mend(() => this.#tidy());
    }
  }

  /** What there is, in bytes. */
  get bytes(): number {
    return bytesIn(this.#options.folder);
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** Where the volume turns out to be damaged, a new one takes its place, and what was to be done is done again: once. */
  #mend(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!isDamage(error)) throw error;
      const file = this.#open?.file ?? volumesIn(this.#options.folder).at(-1)?.path;
      this.#close();
      if (file === undefined) throw error;
      this.#options.onDamaged(setAside(this.#options.folder, file), error);
      step();
    }
  }

  #moveTogether(tapes: readonly ArchiveFile[]): void {
    const volume = this.#volume(begunAt(tapes[0]!));
    // Moved already, where the program was killed before it could remove them.
    const fresh = tapes.filter(({ name }) => !volume.hasMoved(name));
    volume.move(
      fresh.map(({ name }) => name),
      entriesOf(fresh),
    );
    for (const tape of tapes) rmSync(tape.path, { force: true });
  }

  /** `since`: when its first line came, were it a new one. */
  #volume(since?: number): Volume {
    if (this.#open !== null) return this.#open.volume;
    const { folder } = this.#options;
    const file = volumesIn(folder).at(-1)?.path ?? path.join(folder, nextName(folder, 'volume', since));
    const volume = new Volume(file);
    this.#open = { volume, file };
    return volume;
  }

  /** A volume that is full or has been begun long ago is followed by a new one. */
  #tidy(): void {
    const { folder, maxAgeMs, volumeBytes = usualBytes(this.#options) } = this.#options;
    const newest = volumesIn(folder).at(-1);
    if (newest && (newest.bytes >= volumeBytes || begunAt(newest) < Date.now() - maxAgeMs / VOLUME_AGES)) {
      this.#volume().seal();
      this.#close();
      const volume = new Volume(path.join(folder, nextName(folder, 'volume')));
      volume[Symbol.dispose]();
    }
    applyBounds(folder, this.#options);
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    open?.volume[Symbol.dispose]();
  }
}

/** A tape is read when the one before it is through. */
function* entriesOf(tapes: readonly ArchiveFile[]): Generator<ArchivedEntry> {
  for (const { path: file } of tapes) yield* readTape(file);
}

function usualBytes({ maxBytes }: Bounds): number {
  return Math.min(LARGEST_VOLUME, Math.max(SMALLEST_VOLUME, maxBytes / VOLUME_SHARE));
}
