/**
 * Which rows of a tail are in the scrolled window. Following keeps the newest row at the bottom; paused,
 * rows keep their place in the scrolled height whatever comes below or is dropped above.
 */
import type { LogView } from '../../store/log-view.ts';
import type { LogScan } from '../../store/log-scan.ts';
import { RowLayout } from './row-layout.ts';
import { endSpace } from './row-look.ts';

export interface ShownRange {
  /** Ordinals, `end` excluded. */
  start: number;
  end: number;
  /** Pixels from the top of the scrolled height to the first shown row. */
  top: number;
  /** The scrolled height, pixels. */
  height: number;
  /** Where to scroll to; null: leave it. */
  scrollTo: number | null;
}

/** Ordinals, both included. */
export interface SeenRows {
  first: number;
  last: number;
}

/** Rows drawn beyond each edge, so that scrolling meets no blank. */
export const overscan = 8;

export class ListWindow {
  readonly #view: LogView;
  #layout: RowLayout | null = null;
  /** Of the layout. */
  #scan: LogScan | null = null;
  /** What `range` answered for last: somebody may have asked for a height of the next one since. */
  #shownScan: LogScan | null = null;
  #hasNewHeights = true;
  #heightOf: (ordinal: number) => number = () => 1;
  /** Top, in the layout, of the scrolled height's upper edge. */
  #origin = 0;
  /** The row at the upper edge and how far it is scrolled past it: where to return after a rebuild. */
  #anchor: { number: number; offset: number } | null = null;

  /** What the next scan shall be shown at; until then the rows of this one stay where they are. */
  #wish: { number: number; offset: number } | null = null;

  constructor(view: LogView) {
    this.#view = view;
  }

  /** Rows have other heights from now on. The row of number `kept`, or else the topmost, stays where it is. */
  setHeights(heightOf: (ordinal: number) => number, kept: number | null = null): void {
    if (kept !== null && this.#layout !== null && this.#anchor !== null) {
      const { entries } = this.#view.scan.value;
      const top = this.#layout.topOf(entries.ordinalOf(this.#anchor.number)) + this.#anchor.offset;
      this.#anchor = { number: kept, offset: top - this.#layout.topOf(entries.ordinalOf(kept)) };
    }
    this.#heightOf = heightOf;
    this.#layout = null;
    this.#hasNewHeights = true;
  }

  /** `viewport`: the height seen. `scrollTop`: as the scroller says it. */
  range(scrollTop: number, viewport: number, isFollowing: boolean): ShownRange {
    const { entries } = this.#view.scan.value;
    const isOther = this.#shownScan !== this.#view.scan.value;
    const isRebuilt = isOther || this.#hasNewHeights;
    this.#shownScan = this.#view.scan.value;
    this.#hasNewHeights = false;
    if (isOther && this.#wish !== null) {
      this.#anchor = this.#wish;
      this.#wish = null;
    }
    const layout = this.#sync();
    if (isFollowing || isRebuilt) this.#origin = layout.top;
    const height = layout.bottom - this.#origin + endSpace;
    let scrollTo: number | null = null;
    if (isFollowing) scrollTo = Math.max(0, height - viewport);
    else if (isRebuilt) scrollTo = this.#anchoredTop(layout);
    else if (scrollTop < layout.top - this.#origin) scrollTo = layout.top - this.#origin;
    const y = (scrollTo ?? scrollTop) + this.#origin;
    if (entries.size === 0) return { start: 0, end: 0, top: 0, height, scrollTo };
    const firstSeen = layout.ordinalAt(y);
    this.#anchor = { number: entries.numberAt(firstSeen), offset: y - layout.topOf(firstSeen) };
    const start = Math.max(entries.first, firstSeen - overscan);
    const end = Math.min(entries.next, layout.ordinalAt(y + viewport) + 1 + overscan);
    return { start, end, top: layout.topOf(start) - this.#origin, height, scrollTo };
  }

  /** Store number of the row at the upper edge; null where there is none. */
  get firstSeen(): number | null {
    return this.#anchor?.number ?? null;
  }

  heightAt(ordinal: number): number {
    return this.#sync().heightOf(ordinal);
  }

  /** The row at a height of the scrolled content. */
  ordinalAt(y: number): number {
    return this.#sync().ordinalAt(y + this.#origin);
  }

  /** The first and the last row that are seen in full; null where there are none. */
  inSight(scrollTop: number, viewport: number): SeenRows | null {
    if (this.#view.scan.value.entries.size === 0) return null;
    const layout = this.#sync();
    const y = scrollTop + this.#origin;
    const [top, bottom] = [layout.ordinalAt(y), layout.ordinalAt(y + viewport)];
    const first = layout.topOf(top) < y - 0.5 ? top + 1 : top;
    const last = layout.topOf(bottom + 1) > y + viewport + 0.5 ? bottom - 1 : bottom;
    // One row may be higher than the window.
    return first <= last ? { first, last } : { first: top, last: top };
  }

  /** Where to scroll so that a row is seen; null where it is seen already. */
  scrollFor(
    ordinal: number,
    scrollTop: number,
    viewport: number,
    place: 'nearest' | 'center',
  ): number | null {
    const layout = this.#sync();
    const top = layout.topOf(ordinal) - this.#origin;
    const bottom = top + layout.heightOf(ordinal);
    if (place === 'center') return Math.max(0, (top + bottom - viewport) / 2);
    if (top < scrollTop) return top;
    // Of a row higher than the window its beginning is read first.
    return bottom > scrollTop + viewport ? Math.min(top, bottom - viewport) : null;
  }

  /** Puts a row where it will be once another scan is shown: the middle of the window. */
  anchorTo(number: number, viewport: number): void {
    this.#wish = { number, offset: -viewport / 3 };
  }

  /** Begins with the first row of the scan that is shown next, whatever its number: rows put before others have negative ones. */
  anchorToStart(): void {
    this.#wish = { number: -Infinity, offset: 0 };
  }

  /** Puts the row that will have the number `as`, once another scan is shown, where the row `number` is now. */
  anchorAs(number: number, as: number): void {
    if (this.#layout === null || this.#anchor === null) return;
    const { entries } = this.#view.scan.value;
    const top = this.#layout.topOf(entries.ordinalOf(this.#anchor.number)) + this.#anchor.offset;
    this.#wish = { number: as, offset: top - this.#layout.topOf(entries.ordinalOf(number)) };
  }

  #sync(): RowLayout {
    const scan = this.#view.scan.value;
    const { entries } = scan;
    if (this.#layout === null || this.#scan !== scan) {
      this.#layout = new RowLayout({ capacity: entries.capacity, heightOf: this.#heightOf }, entries.first);
      this.#scan = scan;
    }
    this.#layout.sync(entries.first, entries.next);
    return this.#layout;
  }

  #anchoredTop(layout: RowLayout): number {
    if (this.#anchor === null) return 0;
    const { entries } = this.#view.scan.value;
    const ordinal = Math.min(
      entries.ordinalOf(this.#anchor.number),
      Math.max(entries.first, entries.next - 1),
    );
    return Math.max(0, layout.topOf(ordinal) - this.#origin + this.#anchor.offset);
  }
}
