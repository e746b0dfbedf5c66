/** Going from row to row: by one, to the next match, to the next error. Each of them pauses. */
import type { Follow } from './use-follow.ts';
import type { LogView } from '../../store/log-view.ts';
import type { LogViews } from './use-log-views.ts';
import type { RowCursor } from './use-row-cursor.ts';

export interface RowSteps {
  step(by: number, isExtending?: boolean): void;
  /** While filtering every line is a match. Goes around at the ends. */
  stepMatch(by: 1 | -1): void;
  stepError(by: 1 | -1): void;
  first(): void;
  last(): void;
  selectAll(): void;
}

export interface RowStepsOptions {
  views: Pick<LogViews, 'view' | 'found' | 'matches'>;
  follow: Follow;
  cursor: RowCursor;
  /** Brings an entry into sight. */
  reveal: (ordinal: number) => void;
}

export function useRowSteps({ views, follow, cursor, reveal }: RowStepsOptions): RowSteps {
  return {
    step,
    stepMatch,
    stepError: (by) => goTo(cursor.nearest('error', by)),
    first: () => goTo(entries().first),
    last: () => goTo(entries().next - 1),
    selectAll() {
      follow.pause('selection');
      cursor.set(entries().first);
      cursor.set(entries().next - 1, true);
    },
  };

  function step(by: number, isExtending = false): void {
    const at = cursor.ordinal();
    goTo(at === null ? entries().next - 1 : at + by, isExtending);
  }

  function stepMatch(by: 1 | -1): void {
    if (views.matches.value === null) {
      step(by);
      return;
    }
    const matches = views.found.value?.scan.value.entries;
    if (matches === undefined || matches.size === 0) return;
    const from = cursor.number.value;
    const start = from === null ? matches.next : matches.ordinalOf(from);
    const isOnMatch = from !== null && start < matches.next && matches.numberAt(start) === from;
    const at = by < 0 ? start - 1 : isOnMatch ? start + 1 : start;
    const around = at >= matches.next ? matches.first : at < matches.first ? matches.next - 1 : at;
    goTo(entries().ordinalOf(matches.numberAt(around)));
  }

  function goTo(ordinal: number | null, isExtending = false): void {
    if (ordinal === null || entries().size === 0) return;
    follow.pause('key');
    cursor.set(ordinal, isExtending);
    reveal(cursor.ordinal() ?? ordinal);
  }

  function entries(): LogView['scan']['value']['entries'] {
    return views.view.scan.value.entries;
  }
}
