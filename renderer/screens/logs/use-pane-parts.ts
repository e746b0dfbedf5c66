/** What every pane of lines has, wherever its lines are from: following, a current row, marks on what was looked for, how wide it is. */
import { computed, type ComputedRef, type Ref } from 'vue';
import type { LogStore } from '../../store/log-store.ts';
import type { LogView } from '../../store/log-view.ts';
import type { RegexGuard } from '../../store/regex-guard.ts';
import { useFollow, type Follow } from './use-follow.ts';
import type { LogQueryState } from './use-log-query.ts';
import { useMarks, type Marks } from './use-marks.ts';
import { useRowCursor, type RowCursor } from './use-row-cursor.ts';
import { useWidth } from './use-row-look.ts';

export interface PaneParts {
  follow: Follow;
  cursor: RowCursor;
  marks: Marks;
  isNarrow: ComputedRef<boolean>;
  isWrapping: ComputedRef<boolean>;
}

/** In pixels: below, there is no room for a drawer beside the lines. */
const NARROW = 640;

export interface PanePartsOptions {
  store: LogStore;
  view: LogView;
  guard: RegexGuard;
  query: LogQueryState;
  pane: Ref<HTMLElement | null>;
  /** The `LogBody` of the pane. */
  body: Ref<{ isWrapping: boolean } | null>;
}

export function usePaneParts({ store, view, guard, query, pane, body }: PanePartsOptions): PaneParts {
  const width = useWidth(pane);
  return {
    follow: useFollow(store, view),
    cursor: useRowCursor(view),
    marks: useMarks(query.filter, guard),
    isNarrow: computed(() => width.value < NARROW),
    isWrapping: computed(() => body.value?.isWrapping ?? false),
  };
}
