/** The rows the process table shows: filtered, sorted, or held in the order they had. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { ProcessRow, Processes } from '../../../shared/schema/processes.ts';
import {
  filterProcesses,
  firstDirection,
  keepOrder,
  processKey,
  sortProcesses,
  type ProcessOrder,
  type ProcessSort,
} from './process-order.ts';

export interface ProcessRows {
  readonly rows: ComputedRef<ProcessRow[]>;
  readonly order: Ref<ProcessOrder>;
  readonly filter: Ref<string>;
  /** The same column again turns the direction. */
  sortBy(sort: ProcessSort): void;
}

/** While `isHeld` is true rows keep their places; new ones come at the end. */
export function useProcessRows(
  table: Readonly<Ref<Processes | null>>,
  isHeld: Readonly<Ref<boolean>>,
): ProcessRows {
  const order = ref(firstDirection('cpu'));
  const filter = ref('');
  const heldKeys: Ref<string[] | null> = ref(null);

  const rows = computed(() => {
    const shown = filterProcesses(table.value?.rows ?? [], filter.value);
    return heldKeys.value === null ? sortProcesses(shown, order.value) : keepOrder(shown, heldKeys.value);
  });

  watch(isHeld, (held) => {
    heldKeys.value = held ? rows.value.map(processKey) : null;
  });

  return {
    rows,
    order,
    filter,
    sortBy(sort) {
      const { sort: current, isDescending } = order.value;
      order.value = sort === current ? { sort, isDescending: !isDescending } : firstDirection(sort);
    },
  };
}
