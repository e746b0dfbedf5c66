/** The current row and the rows selected with it. Rows are named by the store's numbers, which outlive a changed filter. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { levelRank, type LogLevel } from '../../../shared/log-level.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import type { LogView } from '../../store/log-view.ts';

export interface RowCursor {
  /** Number of the current row; null: none. */
  readonly number: ShallowRef<number | null>;
  /** Ordinals of the selected entries, both included; null: none. */
  readonly range: ComputedRef<{ first: number; last: number } | null>;
  set(ordinal: number, isExtending?: boolean): void;
  clear(): void;
  /** The current entry's ordinal; null: none, or no longer shown. */
  ordinal(): number | null;
  /** The nearest entry of this level or above, from this one on, upwards or downwards; null: there is none. */
  nearest(level: LogLevel, from: number, step: 1 | -1): number | null;
  /** The selected lines, oldest first. */
  lines(): LogLine[];
}

export function useRowCursor(view: LogView): RowCursor {
  const number = shallowRef<number | null>(null);
  const anchor = shallowRef<number | null>(null);

  const range = computed(() => {
    void view.revision.value;
    if (number.value === null) return null;
    const { entries } = view.scan.value;
    const ends = [entries.ordinalOf(number.value), entries.ordinalOf(anchor.value ?? number.value)];
    const last = Math.min(Math.max(...ends), entries.next - 1);
    const first = Math.min(...ends);
    return first <= last ? { first, last } : null;
  });

  return { number, range, set, clear, ordinal, nearest, lines };

  function set(to: number, isExtending = false): void {
    const { entries } = view.scan.value;
    if (entries.size === 0) return;
    const inside = Math.min(Math.max(to, entries.first), entries.next - 1);
    number.value = entries.numberAt(inside);
    if (!isExtending || anchor.value === null) anchor.value = number.value;
  }

  function clear(): void {
    number.value = null;
    anchor.value = null;
  }

  function ordinal(): number | null {
    if (number.value === null) return null;
    const { entries } = view.scan.value;
    const at = entries.ordinalOf(number.value);
    return at < entries.next ? at : null;
  }

  function nearest(level: LogLevel, from: number, step: 1 | -1): number | null {
    const { entries } = view.scan.value;
    const lowest = levelRank(level);
    for (let at = from; at >= entries.first && at < entries.next; at += step) {
      const row = view.rowAt(at);
      if (row?.kind === 'line' && levelRank(row.line.level) >= lowest) return at;
    }
    return null;
  }

  function lines(): LogLine[] {
    if (range.value === null) return [];
    const found: LogLine[] = [];
    for (let at = range.value.first; at <= range.value.last; at++) {
      const row = view.rowAt(at);
      if (row?.kind === 'line') found.push(row.line);
    }
    return found;
  }
}
