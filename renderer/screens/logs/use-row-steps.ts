/**
 * Going from row to row: by one, to the next match, to the next error. Each of them pauses. Where no row is the current one, going
 * begins where the reader looks: paused, at the edge of what is in sight; following, at the newest row.
 */
import type { Follow } from './use-follow.ts';
import type { LogView } from '../../store/log-view.ts';
import type { SeenRows } from './list-window.ts';
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

type Entries = LogView['scan']['value']['entries'];

export interface RowStepsOptions {
  views: Pick<LogViews, 'view' | 'found' | 'matches'>;
  follow: Follow;
  cursor: RowCursor;
  /** Rows in sight; null: there are none. */
  inSight: () => SeenRows | null;
  /** Brings an entry into sight. */
  reveal: (ordinal: number) => void;
}

export function useRowSteps({ views, follow, cursor, inSight, reveal }: RowStepsOptions): RowSteps {
  return {
    step,
    stepMatch,
    stepError: (by) => goTo(nextError(by)),
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
    goTo(at === null ? edge(by) : at + by, isExtending);
  }

  function stepMatch(by: 1 | -1): void {
    if (views.matches.value === null) {
      step(by);
      return;
    }
    const matches = views.found.value?.scan.value.entries;
    if (matches === undefined || matches.size === 0) return;
    const from = cursor.number.value;
    const at = from === null ? matchFrom(matches, by) : matchBeside(matches, from, by);
    const around = at >= matches.next ? matches.first : at < matches.first ? matches.next - 1 : at;
    goTo(entries().ordinalOf(matches.numberAt(around)));
  }

  /** While following the first of all comes after the newest row. */
  function matchFrom(matches: Entries, by: 1 | -1): number {
    if (follow.isFollowing.value || entries().size === 0) return by < 0 ? matches.next - 1 : matches.next;
    const number = entries().numberAt(edge(by));
    return by < 0 ? matches.ordinalOf(number + 1) - 1 : matches.ordinalOf(number);
  }

  function matchBeside(matches: Entries, from: number, by: 1 | -1): number {
    const start = matches.ordinalOf(from);
    const isOnMatch = start < matches.next && matches.numberAt(start) === from;
    return by < 0 ? start - 1 : isOnMatch ? start + 1 : start;
  }

  /** Without a current row, where there is none on the one side, that on the other is meant. */
  function nextError(by: 1 | -1): number | null {
    const at = cursor.ordinal();
    if (at !== null) return cursor.nearest('error', at + by, by);
    const from = edge(by);
    return cursor.nearest('error', from, by) ?? cursor.nearest('error', from - by, by < 0 ? 1 : -1);
  }

  /** Where going that way begins without a current row. */
  function edge(by: number): number {
    const seen = follow.isFollowing.value ? null : inSight();
    if (seen === null) return entries().next - 1;
    return by < 0 ? seen.last : seen.first;
  }

  function goTo(ordinal: number | null, isExtending = false): void {
    if (ordinal === null || entries().size === 0) return;
    follow.pause('key');
    cursor.set(ordinal, isExtending);
    reveal(cursor.ordinal() ?? ordinal);
  }

  function entries(): Entries {
    return views.view.scan.value.entries;
  }
}
