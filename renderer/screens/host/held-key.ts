/** Whether a key is held down right now, anywhere on the page. */
import { onScopeDispose, ref, type Ref } from 'vue';

/** Also false once the window loses the keyboard: its keyup would never be told. */
export function useHeldKey(key: string): Readonly<Ref<boolean>> {
  const isHeld = ref(false);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === key) isHeld.value = event.type === 'keydown';
  };
  const onBlur = (): void => {
    isHeld.value = false;
  };
  window.addEventListener('keydown', onKey);
  window.addEventListener('keyup', onKey);
  window.addEventListener('blur', onBlur);
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('keyup', onKey);
    window.removeEventListener('blur', onBlur);
  });
  return isHeld;
}
