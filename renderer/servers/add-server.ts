/** Opening the add-server dialog, from wherever one stands. */
import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue';
import { useSession } from '../session/session.ts';

export interface AddServer {
  /** False for those a dashboard was shared with: servers are the owner's. */
  readonly canAdd: ComputedRef<boolean>;
  add(): void;
}

const addServerKey: InjectionKey<() => void> = Symbol('add server');

/** For the shell, which holds the dialog. */
export function provideAddServer(open: () => void): void {
  provide(addServerKey, open);
}

export function useAddServer(): AddServer {
  const { may } = useSession();
  const open = inject(addServerKey);
  if (open === undefined) throw new Error('useAddServer() was called outside the shell');
  return { canAdd: computed(() => may('manage')), add: open };
}
