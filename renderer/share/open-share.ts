/** Opening the Share dialog, from wherever one stands. */
import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue';
import type { Share } from '../../shared/schema/shares.ts';
import { useSession } from '../session/session.ts';

/** What the dialog begins with; nothing: all hosts. */
export interface ShareWish {
  /** This host alone. */
  host?: string;
  /** What that link showed. */
  like?: Share;
}

export interface OpenShare {
  /** False for those a dashboard was shared with. */
  readonly canShare: ComputedRef<boolean>;
  share(wish?: ShareWish): void;
}

const openShareKey: InjectionKey<(wish: ShareWish) => void> = Symbol('share');

/** For the shell, which holds the dialog. */
export function provideOpenShare(open: (wish: ShareWish) => void): void {
  provide(openShareKey, open);
}

export function useOpenShare(): OpenShare {
  const session = useSession();
  const open = inject(openShareKey);
  if (open === undefined) throw new Error('useOpenShare() was called outside the shell');
  return { canShare: computed(() => session.may('share')), share: (wish = {}) => open(wish) };
}
