/**
 * What the page has been told of the past, as a map keeps its tiles: bounded, the longest unused go first. Where the tile
 * that fits a window is not here yet, a coarser or finer one is shown meanwhile.
 */
import type { HistoryGap, HistoryMark } from '../../../shared/schema/history.ts';
import { SLOT_BUCKETS, slotsOf, slotStart } from './past-levels.ts';
import { rowsOf, type PastPiece, type PastRows } from './past-rows.ts';
import {
  columnPart,
  hasAll,
  lateIn,
  sizeOf,
  unionOf,
  type PastColumn,
  type PastStretch,
  type PastTile,
} from './past-tile.ts';

export interface PastQuestion {
  host: string;
  keys: readonly string[];
  /** Epoch milliseconds, `to` excluded. */
  from: number;
  to: number;
  /** Length of the buckets that fit. */
  level: number;
  /** From then on the page holds the samples themselves; null: it holds none. */
  liveFrom: number | null;
}

export interface PastWindow extends PastRows {
  /** Stretches of which nothing is known yet, not even that there is nothing. */
  holes: { from: number; to: number }[];
}

export interface PastReading {
  window: PastWindow;
  /** Numbers of slots that have to be asked for. */
  wanted: number[];
}

/** What the hub answered to one question. */
export interface PastAnswer {
  host: string;
  level: number;
  /** Slots asked for, the last one included. */
  first: number;
  last: number;
  /** By key, of all that were asked for. */
  columns: ReadonlyMap<string, PastColumn>;
  gaps: readonly HistoryGap[];
  marks: readonly HistoryMark[];
}

/** 12 MiB of numbers: some hundred windows of a screen. */
const MAX_VALUES = 1_500_000;

export class PastTiles {
  readonly #maxValues: number;
  /** By address, the longest unused first. */
  readonly #tiles = new Map<string, PastTile>();
  readonly #byHost = new Map<string, Set<PastTile>>();
  #values = 0;

  constructor(maxValues = MAX_VALUES) {
    this.#maxValues = maxValues;
  }

  /** Numbers held. */
  get values(): number {
    return this.#values;
  }

  read(question: PastQuestion): PastReading {
    const { host, keys, from, to, level, liveFrom } = question;
    const wanted: number[] = [];
    const holes: PastWindow['holes'] = [];
    const pieces: PastPiece[] = [];
    const { first, last } = slotsOf(level, from, to);
    for (let slot = first; slot <= last; slot++) {
      const span = {
        from: Math.max(from, slotStart(level, slot)),
        to: Math.min(to, slotStart(level, slot + 1)),
      };
      const tile = this.#use(host, level, slot);
      const isHere = tile !== undefined && hasAll(tile, keys);
      if (!isHere || isPast(tile, keys, span.to, liveFrom)) wanted.push(slot);
      if (isHere) {
        pieces.push({ tile, ...span });
        continue;
      }
      const others = this.#insteadOf(question, span);
      pieces.push(...others);
      if (others.length > 0) continue;
      const before = holes.at(-1);
      if (before?.to === span.from) before.to = span.to;
      else holes.push(span);
    }
    return { window: { ...rowsOf(pieces, keys, Math.min(to, liveFrom ?? to)), holes }, wanted };
  }

  /** Answers where samples have come to be since it was told last that there were none; null: nowhere. */
  put({ host, level, first, last, columns, gaps, marks }: PastAnswer): PastStretch | null {
    let late: PastStretch | null = null;
    for (let slot = first; slot <= last; slot++) {
      const [from, to] = [slotStart(level, slot), slotStart(level, slot + 1)];
      const tile =
        this.#use(host, level, slot) ?? this.#add(host, { level, from, to, columns: new Map(), gaps, marks });
      this.#values -= sizeOf(tile);
      for (const [key, whole] of columns) {
        const part = columnPart(whole, from, to, whole.until);
        const before = tile.columns.get(key);
        if (before?.isStale) late = unionOf(late, lateIn(before, part));
        tile.columns.set(key, part);
      }
      tile.gaps = gaps.filter((gap) => gap.from < to && gap.to > from);
      tile.marks = marks.filter(({ time }) => time >= from && time < to);
      this.#values += sizeOf(tile);
    }
    this.#forget();
    return late;
  }

  /** Something came late for this time: what is held of it is asked for again when it is shown next. */
  spoil(host: string, from: number, to: number): void {
    for (const tile of this.#byHost.get(host) ?? []) {
      if (tile.from > to || tile.to <= from) continue;
      for (const column of tile.columns.values()) column.isStale = true;
    }
  }

  /** As `spoil`, of all hosts and times: nobody said what came late. */
  spoilAll(): void {
    for (const host of this.#byHost.keys()) this.spoil(host, -Infinity, Infinity);
  }

  /** What is told of a stretch without samples: the longest gap in it; null: nothing. */
  gapIn(host: string, from: number, to: number): HistoryGap | null {
    let longest: HistoryGap | null = null;
    let best = 0;
    for (const tile of this.#byHost.get(host) ?? []) {
      if (tile.from > to || tile.to < from) continue;
      for (const gap of tile.gaps) {
        const shared = Math.min(gap.to, to) - Math.max(gap.from, from);
        if (shared < 0 || (longest !== null && shared <= best)) continue;
        [longest, best] = [gap, shared];
      }
    }
    return longest;
  }

  /** What happened to a host in a stretch of time, each once, by time. */
  marksIn(host: string, from: number, to: number): HistoryMark[] {
    const found = new Map<string, HistoryMark>();
    for (const tile of this.#byHost.get(host) ?? []) {
      for (const mark of tile.marks) {
        if (mark.time >= from && mark.time <= to) found.set(`${mark.time} ${mark.what}`, mark);
      }
    }
    return [...found.values()].sort((a, b) => a.time - b.time);
  }

  clear(): void {
    this.#tiles.clear();
    this.#byHost.clear();
    this.#values = 0;
  }

  /** Of the nearest coarser level that has the time, else what there is of the nearest finer one. */
  #insteadOf({ host, keys, level }: PastQuestion, { from, to }: { from: number; to: number }): PastPiece[] {
    const tiles = [...(this.#byHost.get(host) ?? [])].filter(
      (tile) => tile.from < to && tile.to > from && hasAll(tile, keys),
    );
    const levels = [...new Set(tiles.map((tile) => tile.level))].sort((a, b) => a - b);
    const nearest = levels.find((each) => each > level) ?? levels.findLast((each) => each < level);
    return tiles
      .filter((tile) => tile.level === nearest)
      .sort((a, b) => a.from - b.from)
      .map((tile) => ({ tile, from: Math.max(from, tile.from), to: Math.min(to, tile.to) }));
  }

  #use(host: string, level: number, slot: number): PastTile | undefined {
    const address = `${host} ${level} ${slot}`;
    const tile = this.#tiles.get(address);
    if (tile === undefined) return undefined;
    this.#tiles.delete(address);
    this.#tiles.set(address, tile);
    return tile;
  }

  #add(host: string, tile: PastTile): PastTile {
    this.#tiles.set(`${host} ${tile.level} ${tile.from / (tile.level * SLOT_BUCKETS)}`, tile);
    const tiles = this.#byHost.get(host) ?? new Set();
    this.#byHost.set(host, tiles.add(tile));
    this.#values += sizeOf(tile);
    return tile;
  }

  #forget(): void {
    for (const [address, tile] of this.#tiles) {
      if (this.#values <= this.#maxValues) return;
      const host = address.slice(0, address.indexOf(' '));
      this.#tiles.delete(address);
      this.#values -= sizeOf(tile);
      const tiles = this.#byHost.get(host)!;
      tiles.delete(tile);
      if (tiles.size === 0) this.#byHost.delete(host);
    }
  }
}

/** There is more to be told than is held: something came late, or time went on and the page has not seen it itself. */
function isPast(tile: PastTile, keys: readonly string[], to: number, liveFrom: number | null): boolean {
  return keys.some((key) => {
    const { until, isStale } = tile.columns.get(key)!;
    return isStale || (liveFrom !== null && until < Math.min(to, liveFrom));
  });
}
