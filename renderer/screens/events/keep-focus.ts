/**
 * Keeps the focus in the list of what fires. The browser drops it where a row moves, where a button gives way to a text, and where rows become one
 * row or one becomes many: then whoever works by keyboard would begin anew at the top of the page.
 */
import { onBeforeUpdate, onUpdated, type Ref } from 'vue';

interface Held {
  element: HTMLElement;
  /** Of the row that it is in; empty: it is in none. */
  alerts: readonly string[];
  /** Of that row among all rows. */
  index: number;
  /** By keyboard: what has the focus wants to be seen. */
  isShown: boolean;
}

/** Of the calling component. `list`: its rows say in `data-alerts` by id what they are of; `rest`: has the focus where no row is left. */
export function useKeptFocus(
  list: Readonly<Ref<HTMLElement | null>>,
  rest: Readonly<Ref<HTMLElement | null>>,
): void {
  let held: Held | null = null;

  onBeforeUpdate(() => {
    const element = document.activeElement;
    held = null;
    if (!(element instanceof HTMLElement) || !list.value?.contains(element)) return;
    const row = element.closest<HTMLElement>('[data-alerts]');
    const alerts = row === null ? [] : idsOf(row);
    const index = row === null ? 0 : rows().indexOf(row);
    held = { element, alerts, index, isShown: element.matches(':focus-visible') };
  });
  onUpdated(() => {
    if (held === null || document.activeElement === held.element) return;
    // Somebody gave it to another element meanwhile.
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    next(held)?.focus({ preventScroll: !held.isShown });
  });

  function next({ element, alerts, index }: Held): HTMLElement | null {
    if (element.isConnected) return element;
    const left = rows();
    const row =
      left.find((each) => idsOf(each).some((id) => alerts.includes(id))) ?? left[index] ?? left.at(-1);
    const deed = row?.querySelector<HTMLElement>('.deed :is(button, [tabindex])');
    return deed ?? row?.querySelector<HTMLElement>('a, button') ?? rest.value;
  }

  function rows(): HTMLElement[] {
    return [...(list.value?.querySelectorAll<HTMLElement>('[data-alerts]') ?? [])];
  }
}

function idsOf(row: HTMLElement): string[] {
  return row.dataset['alerts']?.split(' ') ?? [];
}
