/** Opening the dialog that saves a bundle, from wherever one stands. */
import { inject, provide, type InjectionKey } from 'vue';

const openSaveKey: InjectionKey<() => void> = Symbol('save bundle');

/** For the shell, which holds the dialog. */
export function provideSaveBundle(open: () => void): void {
  provide(openSaveKey, open);
}

export function useSaveBundle(): () => void {
  const open = inject(openSaveKey);
  if (open === undefined) throw new Error('useSaveBundle() was called outside the shell');
  return open;
}
