/** Whether an element can be seen: charts that are scrolled away are not drawn. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/**
 * `onAppear` is called when it comes into view. Drawn a little before it does, so that nothing pops in. Where the element is of a
 * section, that is looked at: a canvas whose place its table has taken is still drawn, because the table shows what was.
 */
export function useInView(
  element: Readonly<Ref<Element | null>>,
  onAppear: () => void,
): Readonly<Ref<boolean>> {
  const isInView = ref(false);
  const observer = new IntersectionObserver(
    (entries) => {
      isInView.value = entries.at(-1)!.isIntersecting;
      if (isInView.value) onAppear();
    },
    { rootMargin: '80px' },
  );
  onMounted(() => observer.observe(element.value!.closest('section') ?? element.value!));
  onBeforeUnmount(() => observer.disconnect());
  return isInView;
}
