/** All that is kept, in the order it came: the blocks of each volume, then the tapes that are not in a volume yet. */
import { readFileSync } from 'node:fs';
import { idOf, type ArchivedEntry } from '../archived.ts';
import { begunAt, tapesIn, volumesIn } from '../archive-folder.ts';
import type { BlockCondition } from './compile-filter.ts';
import { EmptyVolumeError, isDamage } from '../damage.ts';
import type { SequencePlace } from '../search-task.ts';
import { tapeEntries } from '../tape/tape.ts';
import { VolumeReader, type BlockSummary, type Range } from '../volume/volume-reader.ts';

/** Where a line stands: in which file, in which block of it, and where in that. Compared one after the other. */
export type Place = readonly [file: number, block: number, at: number];

export function isBefore(a: Place, b: Place): boolean {
  if (a[0] !== b[0]) return a[0] < b[0];
  if (a[1] !== b[1]) return a[1] < b[1];
  return a[2] < b[2];
}

export interface BlockPiece {
  kind: 'block';
  file: number;
  /** Of the volume, to set it aside where it is damaged. */
  path: string;
  reader: VolumeReader;
  summary: BlockSummary;
  lines: number;
}

export interface TapePiece {
  kind: 'tape';
  file: number;
  entries: readonly ArchivedEntry[];
  lines: number;
}

export type Piece = BlockPiece | TapePiece;

interface OpenVolume {
  path: string;
  reader: VolumeReader;
}

export class ArchiveReader implements Disposable {
  readonly #volumes: OpenVolume[] = [];
  readonly #tapes: ArchivedEntry[][];
  readonly #epoch: string;
  readonly #onDamaged: (file: string, error: Error) => void;
  /** Epoch milliseconds; null: nothing is kept. */
  readonly keptSince: number | null;

  constructor(folder: string, epoch: string, onDamaged: (file: string, error: Error) => void) {
    this.#epoch = epoch;
    this.#onDamaged = onDamaged;
    // Tapes first: what is moved meanwhile is then in both, and left out of one; never in none.
    const tapes = tapesIn(folder).flatMap((tape) => {
      const text = textOf(tape.path);
      return text === null ? [] : { ...tape, text };
    });
    const volumes = volumesIn(folder);
    const moved = new Set<string>();
    for (const { path } of volumes) {
      this.#reading(path, null, () => {
        const reader = new VolumeReader(path);
        this.#volumes.push({ path, reader });
        for (const tape of reader.moved) moved.add(tape);
      });
    }
    this.#tapes = tapes.filter(({ name }) => !moved.has(name)).map(({ text }) => tapeEntries(text));
    const oldest = [...volumes, ...tapes][0];
    this.keptSince = oldest === undefined ? null : begunAt(oldest);
  }

  /** How many lines there are, and of when the oldest and newest are. */
  get extent(): { lines: number; oldest: number; newest: number } | null {
    let [lines, oldest, newest] = [0, Infinity, -Infinity];
    for (const { path, reader } of this.#volumes) {
      const own = this.#reading(path, null, () => reader.extent);
      if (own === null) continue;
      lines += own.lines;
      oldest = Math.min(oldest, own.oldest);
      newest = Math.max(newest, own.newest);
    }
    for (const { line } of this.#tapes.flat()) {
      lines++;
      oldest = Math.min(oldest, line.time);
      newest = Math.max(newest, line.time);
    }
    return lines === 0 ? null : { lines, oldest, newest };
  }

  /** Oldest first. */
  pieces(condition: BlockCondition, range: Range): Piece[] {
    const blocks = this.#volumes.flatMap(({ path, reader }, file) =>
      this.#reading(path, [], () => reader.blocks(condition, range)).map((summary): Piece => ({
        kind: 'block',
        file,
        path,
        reader,
        summary,
        lines: summary.lines,
      })),
    );
    const tapes = this.#tapes.map((entries, at): Piece => ({
      kind: 'tape',
      file: this.#volumes.length + at,
      entries,
      lines: entries.length,
    }));
    return [...blocks, ...tapes];
  }

  /** The id of a piece's first or last line; null: it has none, or cannot be read. */
  borderId(piece: Piece, which: 'first' | 'last'): string | null {
    if (piece.kind === 'tape') {
      const entry = piece.entries.at(which === 'first' ? 0 : -1);
      return entry === undefined ? null : idOf(entry);
    }
    const { reader, summary, lines } = piece;
    const at = which === 'first' ? 0 : lines - 1;
    return this.readBlock(piece, () => reader.head(summary.id).idAt(at));
  }

  /** Reads a block with what is handed in; null where the volume is damaged. */
  readBlock<Result>({ path }: BlockPiece, read: () => Result): Result | null {
    return this.#reading(path, null, read);
  }

  /**
   * Where the first line of this epoch stands that is at this sequence or behind it; behind all of the epoch where there is none. Null:
   * nothing of this epoch is kept.
   */
  placeOf({ epoch, sequence }: SequencePlace): Place | null {
    let last: Place | null = null;
    for (const [file, { path, reader }] of this.#volumes.entries()) {
      const found = this.#reading(path, null, () => placeIn(reader, file, epoch, sequence));
      if (found !== null) return found;
      if (this.#reading(path, false, () => reader.hasEpoch(epoch))) last = [file, Infinity, Infinity];
    }
    for (const [at, entries] of this.#tapes.entries()) {
      const file = this.#volumes.length + at;
      for (const [place, entry] of entries.entries()) {
        if (entry.epoch !== epoch) continue;
        if (entry.sequence >= sequence) return [file, 0, place];
        last = [file, 0, place + 1];
      }
    }
    return last ?? (epoch === this.#epoch ? [Infinity, 0, 0] : null);
  }

  /** The line that was given exactly this place, where it stands, and of which host it is. */
  lineAt({ epoch, sequence }: SequencePlace): { place: Place; host: string } | null {
    const place = this.placeOf({ epoch, sequence });
    if (place === null) return null;
    const [file, block, at] = place;
    const entry = this.#tapes[file - this.#volumes.length]?.[at];
    if (entry !== undefined)
      return entry.epoch === epoch && entry.sequence === sequence ? { place, host: entry.line.host } : null;
    const volume = this.#volumes[file];
    if (volume === undefined || block === Infinity) return null;
    return this.#reading(volume.path, null, () => {
      const head = volume.reader.head(block);
      const [host] = head.origins[head.originOf(at)]!;
      return head.sequences[at] === sequence ? { place, host } : null;
    });
  }

  [Symbol.dispose](): void {
    for (const { reader } of this.#volumes) reader[Symbol.dispose]();
  }

  /** A damaged volume is told of and passed over; one that was removed meanwhile is passed over. */
  #reading<Result>(path: string, otherwise: Result, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (isDamage(error)) this.#onDamaged(path, error);
      else if (!isGone(error)) throw error;
      return otherwise;
    }
  }
}

function placeIn(reader: VolumeReader, file: number, epoch: string, sequence: number): Place | null {
  for (const block of reader.spansFrom(epoch, sequence)) {
    const head = reader.head(block);
    for (let at = 0; at < head.count; at++) {
      const isOfEpoch = head.origins[head.originOf(at)]![2] === epoch;
      if (isOfEpoch && head.sequences[at]! >= sequence) return [file, block, at];
    }
  }
  return null;
}

/** Null: it was moved meanwhile. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** SQLITE_CANTOPEN: removed between being listed and being opened. */
function isGone(error: unknown): boolean {
  return error instanceof EmptyVolumeError || (error as { errcode?: unknown }).errcode === 14;
}
