/** How the rows of a pane look: what its width, its hosts and the reader's choices ask for. */
import { computed, onMounted, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useNow } from '../../app/now.ts';
import { hostStatusLooks, type StatusLook } from '../../components/status.ts';
import { useConditions } from '../../store/conditions.ts';
import { useDashboard } from '../../store/dashboard.ts';
import type { LogView } from '../../store/log-view.ts';
import type { RowLook } from './row-look.ts';
import type { ViewChoices } from './use-view-choices.ts';

export interface RowLookOptions {
  view: LogView;
  choices: ViewChoices;
  /** Lines of this host only; null: of every host. */
  hostId: string | null;
  /** What holds the list. */
  tail: Ref<HTMLElement | null>;
}

export interface RowLooks {
  readonly look: ComputedRef<RowLook>;
  readonly isWrapping: ComputedRef<boolean>;
  /** Columns of the host and source cells, in characters. */
  readonly hostColumns: ComputedRef<number>;
  readonly sourceColumns: Ref<number>;
}

/** Narrower lists have two storeys a row, and wrap where the reader did not choose. */
const narrowList = 560;

export function useRowLook({ view, choices, hostId, tail }: RowLookOptions): RowLooks {
  const { hosts, hostById } = useDashboard();
  const conditions = useConditions();
  const now = useNow();
  const width = useWidth(tail);
  const isNarrow = computed(() => width.value < narrowList);
  const isWrapping = computed(() => choices.isWrapping.value ?? isNarrow.value);

  /** Of hosts that are not simply live. */
  const statuses = computed(
    () =>
      new Map<string, StatusLook>(
        hosts.value.flatMap((state): [string, StatusLook][] => {
          const { status } = conditions.of(state);
          return status === 'live' ? [] : [[state.id, hostStatusLooks[status]]];
        }),
      ),
  );
  /** Told per line once and for all while the oldest line held is of another day. */
  const showsDay = computed(() => {
    void view.revision.value;
    const { entries } = view.scan.value;
    const today = new Date(now.value).toDateString();
    const ends = entries.size > 0 ? [entries.first, entries.next - 1] : [];
    return ends.some((ordinal) => {
      const row = view.rowAt(ordinal);
      return row?.kind === 'line' && new Date(row.line.time).toDateString() !== today;
    });
  });
  const look = computed<RowLook>(() => ({
    isUtc: choices.isUtc.value,
    showsDay: showsDay.value,
    showsHost: hostId === null && hosts.value.length > 1,
    isNarrow: isNarrow.value,
    isWrapping: isWrapping.value,
    hostName: (id) => hostById(id)?.host.value.name ?? id,
    hostStatus: (id) => statuses.value.get(id) ?? null,
  }));

  /** As wide as the longest name needs, within reason, and never narrower again: columns keep still. */
  const sourceColumns = ref(8);
  watch(
    () =>
      hosts.value
        .filter((state) => hostId === null || state.id === hostId)
        .flatMap((state) => state.sources.value),
    (all) => {
      const longest = Math.max(0, ...all.map((source) => source.label.length));
      sourceColumns.value = Math.max(sourceColumns.value, Math.min(longest, 22));
    },
    { immediate: true },
  );
  const hostColumns = computed(() =>
    Math.min(18, 2 + Math.max(6, ...hosts.value.map((state) => state.host.value.name.length))),
  );
  return { look, isWrapping, hostColumns, sourceColumns };
}

/** Of an element, not of the window: the same pane is narrow inside a wide screen. In pixels. */
export function useWidth(element: Ref<HTMLElement | null>): Ref<number> {
  const width = ref(1_200);
  const resizing = new ResizeObserver(() => (width.value = element.value!.clientWidth));
  onMounted(() => resizing.observe(element.value!));
  onScopeDispose(() => resizing.disconnect());
  return width;
}
