/** Whether an element can be seen: charts that are scrolled away are not drawn. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Drawn a little before it can be seen, so that nothing pops in. */
const MARGIN_PX = 80;

/**
 * `onAppear` is called when it comes into view; what is in view from the start is known as soon as it is mounted, because the observer
 * tells it a frame later. Where the element is of a section, that is looked at: a canvas whose place its table has taken is still drawn,
 * because the table shows what was.
 */
export function useInView(
  element: Readonly<Ref<Element | null>>,
  onAppear: () => void,
): Readonly<Ref<boolean>> {
  const isInView = ref(false);
  const observer = new IntersectionObserver(
    (entries) => {
      const wasInView = isInView.value;
      isInView.value = entries.at(-1)!.isIntersecting;
      if (isInView.value && !wasInView) onAppear();
    },
    { rootMargin: `${MARGIN_PX}px` },
  );
  onMounted(() => {
    const looked = element.value!.closest('section') ?? element.value!;
    isInView.value = isNear(looked.getBoundingClientRect());
    observer.observe(looked);
  });
  onBeforeUnmount(() => observer.disconnect());
  return isInView;
}

function isNear({ top, bottom, width }: DOMRect): boolean {
  return width > 0 && bottom > -MARGIN_PX && top < innerHeight + MARGIN_PX;
}
