/** Which rows of a long list are drawn, and that nothing jumps while it is paused. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endSpace } from '../../../../renderer/screens/logs/row-look.ts';
import { everyLine } from '../../../../shared/filter/tree.ts';
import type { LogRow } from '../../../../renderer/store/log-row.ts';
import { lineTail, rowHeight } from './support/line-tail.ts';

const viewport = 200;

// Time stands still: no look at the lines is put off to a next frame, of which there is none here.
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

describe('ListWindow', () => {
  it('keeps the newest row at the bottom while following', () => {
    const { add, list } = lineTail(1_000);
    add(100);
    expect(list.range(0, viewport, true)).toMatchObject({
      scrollTo: 100 * rowHeight + endSpace - viewport,
      end: 100,
    });
    add(50);
    expect(list.range(0, viewport, true)).toMatchObject({
      scrollTo: 150 * rowHeight + endSpace - viewport,
      end: 150,
    });
  });

  it('paused, rows keep their place while old ones are dropped and new ones come', () => {
    const { add, list, view } = lineTail(100);
    add(100);
    const scrollTop = list.range(0, viewport, true).scrollTo!;
    const topOf = (ordinal: number, range: { start: number; top: number }): number =>
      range.top + (ordinal - range.start) * rowHeight - scrollTop;
    const before = topOf(95, list.range(scrollTop, viewport, false));
    for (let round = 0; round < 8; round++) {
      add(10);
      const range = list.range(scrollTop, viewport, false);
      expect(range.scrollTo).toBeNull();
      expect(topOf(95, range)).toBe(before);
    }
    expect(view.scan.value.entries.first).toBe(80);
  });

  it('leaves the empty part when the rows looked at are gone', () => {
    const { add, list } = lineTail(100);
    add(100);
    const scrollTop = list.range(0, viewport, true).scrollTo!;
    list.range(scrollTop, viewport, false);
    add(150);
    const range = list.range(scrollTop, viewport, false);
    // The fifty rows that came and went unseen took no height.
    expect(range.scrollTo).toBe(100 * rowHeight);
    expect(range.start).toBe(150);
  });

  it('keeps the row at the upper edge when heights change', () => {
    const { add, list } = lineTail(1_000);
    add(500);
    list.range(0, viewport, true);
    list.range(300 * rowHeight + 5, viewport, false);
    list.setHeights(() => 60);
    const range = list.range(300 * rowHeight + 5, viewport, false);
    expect(range.scrollTo).toBe(300 * 60 + 5);
  });

  it('shows the row asked for once another query is shown, whatever was drawn or asked meanwhile', () => {
    const { add, list, view } = lineTail(1_000);
    add(500);
    list.range(0, viewport, true);
    list.anchorTo(300, viewport);
    // The rows of before are drawn once more, for a line that came in.
    list.range(0, viewport, false);
    view.setQuery({ filter: everyLine, floor: null, hostId: null, span: null, isCollapsing: false });
    // The other scan is there, and somebody asks where a row is before it is drawn.
    list.heightAt(3);
    const range = list.range(0, viewport, false);
    expect(range.scrollTo).toBe(300 * rowHeight - viewport / 3);
    expect(list.range(range.scrollTo!, viewport, false).scrollTo).toBeNull();
  });

  it('begins with the first row once another query is shown, where that is wished for', () => {
    const { add, list, view, store } = lineTail(1_000);
    add(500);
    const older = ['older', 'old'].map((text): LogRow => {
      return { kind: 'line', line: { host: 'a', time: 101, level: null, source: 's', text }, id: '' };
    });
    store.replace(store.rows.first, store.rows.first, older);
    list.range(0, viewport, true);
    list.anchorToStart();
    const span = { from: 101, to: 200 };
    view.setQuery({ filter: everyLine, floor: null, hostId: null, span, isCollapsing: false });
    expect(list.range(0, viewport, false)).toMatchObject({ scrollTo: 0, start: 0 });
    expect(view.rowAt(0)).toMatchObject({ line: { text: 'older' } });
  });

  it('knows which rows are seen in full', () => {
    const { add, list } = lineTail(1_000);
    expect(list.inSight(0, viewport)).toBeNull();
    add(500);
    list.range(0, viewport, false);
    expect(list.inSight(0, viewport)).toEqual({ first: 0, last: 9 });
    expect(list.inSight(100 * rowHeight + 5, viewport)).toEqual({ first: 101, last: 109 });
    list.setHeights(() => 2 * viewport);
    expect(list.inSight(viewport, viewport)).toEqual({ first: 0, last: 0 });
  });

  it('scrolls no further than needed to show a row', () => {
    const { add, list } = lineTail(1_000);
    add(500);
    list.range(0, viewport, false);
    expect(list.scrollFor(3, 0, viewport, 'nearest')).toBeNull();
    expect(list.scrollFor(20, 0, viewport, 'nearest')).toBe(21 * rowHeight - viewport);
    expect(list.scrollFor(3, 1_000, viewport, 'nearest')).toBe(3 * rowHeight);
    list.setHeights(() => 3 * viewport);
    expect(list.scrollFor(2, 0, viewport, 'nearest')).toBe(2 * 3 * viewport);
    list.setHeights(() => rowHeight);
    expect(list.scrollFor(20, 0, viewport, 'center')).toBe(20 * rowHeight + rowHeight / 2 - viewport / 2);
  });
});
