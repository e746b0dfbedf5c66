/** Which rows of a long list can be seen: the others are there, and draw nothing. One observer for the whole list. */
import {
  inject,
  onBeforeUnmount,
  onMounted,
  onScopeDispose,
  provide,
  ref,
  type InjectionKey,
  type Ref,
} from 'vue';

interface SeenRows {
  watch(element: Element, tell: (isSeen: boolean) => void): () => void;
}

const seenRowsKey: InjectionKey<SeenRows> = Symbol('seen rows');

/** Rows are drawn a little before they come into view, so that nothing pops in. */
const AHEAD = '120px';

/** For the list. */
export function provideSeenRows(): void {
  const tellers = new Map<Element, (isSeen: boolean) => void>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) tellers.get(target)?.(isIntersecting);
    },
    { rootMargin: AHEAD },
  );
  onScopeDispose(() => observer.disconnect());
  provide(seenRowsKey, {
    watch(element, tell) {
      tellers.set(element, tell);
      observer.observe(element);
      return () => {
        tellers.delete(element);
        observer.unobserve(element);
      };
    },
  });
}

/** For a row inside it. */
export function useSeen(element: Readonly<Ref<Element | null>>): Readonly<Ref<boolean>> {
  const rows = inject(seenRowsKey);
  if (rows === undefined) throw new Error('useSeen() was called outside a list of provideSeenRows()');
  const isSeen = ref(false);
  let stop: (() => void) | null = null;
  onMounted(() => (stop = rows.watch(element.value!, (seen) => (isSeen.value = seen))));
  onBeforeUnmount(() => stop?.());
  return isSeen;
}
