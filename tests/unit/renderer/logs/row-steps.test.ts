/** Where J, K, N and E go, above all where no row is the current one: where the reader looks. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { computed, effectScope, shallowRef } from 'vue';
import { useFollow } from '../../../../renderer/screens/logs/use-follow.ts';
import { useRowCursor } from '../../../../renderer/screens/logs/use-row-cursor.ts';
import { useRowSteps, type RowSteps } from '../../../../renderer/screens/logs/use-row-steps.ts';
import { LogView } from '../../../../renderer/store/log-view.ts';
import { RegexGuard } from '../../../../renderer/store/regex-guard.ts';
import { parseFilter } from '../../../../shared/filter/parse.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { lineTail, rowHeight } from './support/line-tail.ts';

// Time stands still: no look at the lines is put off to a next frame, of which there is none here.
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

/** Ten rows. */
const viewport = 200;

describe('without a current row', () => {
  it('paused, J begins with the first row in sight and K with the last', () => {
    const { at, steps, clear } = pausedAt(40);
    expect(at(() => steps.step(1))).toBe('41');
    expect(at(() => steps.step(1))).toBe('42');
    clear();
    expect(at(() => steps.step(-1))).toBe('50');
    expect(at(() => steps.step(-1))).toBe('49');
  });

  it('following, both begin with the newest row', () => {
    for (const by of [1, -1]) {
      const { at, steps } = paneOf();
      expect(at(() => steps.step(by))).toBe('100');
    }
  });

  it('paused, the nearest error that way is meant, and else the nearest the other way', () => {
    const { at, steps, clear } = pausedAt(40, (index) =>
      index === 20 || index === 45 || index === 47 ? { level: 'error' } : {},
    );
    expect(at(() => steps.stepError(1))).toBe('45');
    expect(at(() => steps.stepError(1))).toBe('47');
    expect(at(() => steps.stepError(1))).toBe('47');
    clear();
    expect(at(() => steps.stepError(-1))).toBe('47');
    clear();
    const below = pausedAt(60, (index) => (index === 20 ? { level: 'error' } : {}));
    expect(below.at(() => below.steps.stepError(1))).toBe('20');
  });

  it('following, the newest error is meant, whichever way is asked for', () => {
    const errors = (index: number): Partial<LogLine> => (index % 30 === 0 ? { level: 'error' } : {});
    for (const by of [1, -1] as const) {
      const { at, steps } = paneOf(errors);
      expect(at(() => steps.stepError(by))).toBe('90');
    }
  });

  it('paused, N begins in sight; following, with the first of all', () => {
    const needles = (index: number): Partial<LogLine> =>
      index % 30 === 5 ? { text: `needle ${index}` } : {};
    const paused = pausedAt(30, needles, 'needle');
    expect(paused.at(() => paused.steps.stepMatch(1))).toBe('needle 35');
    paused.clear();
    expect(paused.at(() => paused.steps.stepMatch(-1))).toBe('needle 35');
    expect(paused.at(() => paused.steps.stepMatch(-1))).toBe('needle 5');
    expect(paused.at(() => paused.steps.stepMatch(-1))).toBe('needle 95');
    const following = paneOf(needles, 'needle');
    expect(following.at(() => following.steps.stepMatch(1))).toBe('needle 5');
  });
});

interface Pane {
  steps: RowSteps;
  clear(): void;
  /** The text of the row that is the current one after this. */
  at(act: () => void): string | undefined;
}

/** A hundred lines, "1" to "100", of which `first` + 1 is the first in sight. */
function pausedAt(first: number, change?: (index: number) => Partial<LogLine>, highlight?: string): Pane {
  return paneOf(change, highlight, first);
}

function paneOf(
  change: (index: number) => Partial<LogLine> = () => ({}),
  highlight: string | null = null,
  pausedAtRow: number | null = null,
): Pane {
  const { store, view, list, add } = lineTail(1_000);
  add(100, change);
  return effectScope(true).run(() => {
    const follow = useFollow(store, view);
    const cursor = useRowCursor(view);
    if (pausedAtRow !== null) follow.pause('key');
    const scrollTop = (pausedAtRow ?? 0) * rowHeight;
    list.range(scrollTop, viewport, false);
    const filter = highlight === null ? null : parseFilter(highlight);
    const found =
      filter === null
        ? null
        : new LogView({
            store,
            guard: new RegexGuard(),
            query: { filter, floor: null, hostId: null, span: null, isCollapsing: false },
          });
    const steps = useRowSteps({
      views: {
        view,
        found: shallowRef(found),
        matches: computed(() => found && found.scan.value.shownLines),
      },
      follow,
      cursor,
      inSight: () => list.inSight(scrollTop, viewport),
      reveal: () => undefined,
    });
    return {
      steps,
      clear: () => cursor.clear(),
      at(act) {
        act();
        return cursor.lines()[0]?.text;
      },
    };
  })!;
}
