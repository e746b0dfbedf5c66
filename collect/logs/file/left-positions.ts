/** How far files were read that are not open now: where each is found again, as a rotated file, a copy of it, or compressed, it is read on. */
import type { FileHandle } from 'node:fs/promises';
import type { LineSplitter } from '../line-splitter.ts';
import type { Room } from '../room.ts';
import { readCompressedRest } from './compressed-generation.ts';
import { findPosition, isGenerationThere, type FoundGeneration } from './earlier-generations.ts';
import { resume } from './file-generation.ts';
import type { FilePosition } from './kept-positions.ts';
import { OVERLAP_BYTES, type ReadingStart } from './read-content.ts';

/** A place is known by what is before it alone where head and overlap are whole, and apart. */
const MIN_MOVED_BYTES = 2 * OVERLAP_BYTES;

export interface LeftPositionsOptions {
  path: string;
  room: Room;
  isOpen: (id: string) => boolean;
  isEnded: () => boolean;
  createSplitter: (skipsFirstLine: boolean) => LineSplitter;
  /** A file to go on with: it is the taker's from this moment on. */
  readOn: (found: FoundGeneration, start: ReadingStart, splitter: LineSplitter) => Promise<void>;
}

export interface ReadPositions {
  /** False: what was left of a file is nowhere. */
  isComplete: boolean;
  /** Of files that are not any more as they were: truncated, or gone. */
  lost: readonly FilePosition[];
}

export class LeftPositions {
  readonly #options: LeftPositionsOptions;
  #positions: readonly FilePosition[];

  /** Oldest first. */
  constructor(positions: readonly FilePosition[], options: LeftPositionsOptions) {
    this.#positions = positions;
    this.#options = options;
  }

  /** As far as lines were told by now. */
  get all(): readonly FilePosition[] {
    return this.#positions;
  }

  add(position: FilePosition): void {
    this.#positions = [...this.#positions, position];
  }

  /** Its file is open. */
  drop(id: string): void {
    this.#positions = this.#positions.filter((position) => position.id !== id);
  }

  /**
   * The position in what is now under the path, where that has another id and the file that was read is gone: it was moved to another disk,
   * or its disk has another number since the machine was started. It is the taker's.
   */
  async takeMoved(handle: FileHandle, id: string): Promise<FilePosition | null> {
    for (const position of this.#positions.toReversed()) {
      if (position.id === id || position.offset < MIN_MOVED_BYTES) continue;
      if (await isGenerationThere(this.#options.path, position.id)) continue;
      if ((await resume(handle, position)) === null) continue;
      this.drop(position.id);
      return position;
    }
    return null;
  }

  /** All but the one of `id`, which goes on there by itself. */
  async readAll(exceptId: string | null): Promise<ReadPositions> {
    let isComplete = true;
    const lost: FilePosition[] = [];
    for (const position of this.#positions.filter(({ id }) => id !== exceptId)) {
      const where = await this.#read(position);
      if (where === 'nowhere') isComplete = false;
      if (where !== 'itself') lost.push(position);
    }
    return { isComplete, lost };
  }

  /** Where the rest of it was: in the file itself, under whatever name and compressed too, or in a copy. */
  async #read(position: FilePosition): Promise<'itself' | 'copy' | 'nowhere'> {
    const { path, room, isOpen, isEnded, createSplitter, readOn } = this.#options;
    const splitter = createSplitter(position.isMidLine);
    const match = await findPosition(path, position, isOpen);
    if (match !== null) {
      this.#replace(position, null);
      await readOn(match.found, match.start, splitter);
      // What half a line in a copy lacks was truncated.
      if (match.found.id !== position.id && !isEnded()) splitter.flush();
      return match.found.id === position.id ? 'itself' : 'copy';
    }
    let left = position;
    const onRead = (read: FilePosition): void => {
      this.#replace(left, read);
      left = read;
    };
    const isFound = await readCompressedRest({ path, position, splitter, room, onRead, isEnded });
    if (isEnded()) return 'itself';
    if (isFound) splitter.flush();
    this.#replace(left, null);
    return isFound ? 'itself' : 'nowhere';
  }

  #replace(position: FilePosition, by: FilePosition | null): void {
    this.#positions = this.#positions.flatMap((left) => (left === position ? (by ?? []) : left));
  }
}
