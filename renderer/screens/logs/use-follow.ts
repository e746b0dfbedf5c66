/**
 * Following the newest lines, or paused on older ones. While paused, the lines on the screen and those
 * after them are kept from being dropped, and what arrives is counted.
 */
import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { LogStore } from '../../store/log-store.ts';
import type { LogView } from '../../store/log-view.ts';

/** `scroll`: reaching the last line by scrolling follows again; the others wait for End or the button. */
export type PauseReason = 'scroll' | 'key' | 'selection' | 'row';

export interface Follow {
  readonly isFollowing: ComputedRef<boolean>;
  readonly reason: ShallowRef<PauseReason | null>;
  readonly unseen: ComputedRef<{ lines: number; errors: number }>;
  pause(reason: PauseReason): void;
  resume(): void;
  /** While paused: the store's number of the oldest row that must stay. */
  keepFrom(number: number): void;
}

export function useFollow(store: LogStore, view: LogView): Follow {
  const reason = shallowRef<PauseReason | null>(null);
  const isFollowing = computed(() => reason.value === null);
  const unseen = computed(() => {
    void view.revision.value;
    const { unseenLines, unseenErrors } = view.scan.value;
    return { lines: unseenLines, errors: unseenErrors };
  });

  onScopeDispose(() => store.unpin(view));
  return { isFollowing, reason, unseen, pause, resume, keepFrom };

  function pause(why: PauseReason): void {
    if (reason.value === null) view.countUnseen(true);
    // A stronger reason replaces scrolling: the reader has begun to work with a line.
    if (reason.value === null || reason.value === 'scroll') reason.value = why;
  }

  function resume(): void {
    if (reason.value === null) return;
    reason.value = null;
    view.countUnseen(false);
    store.unpin(view);
  }

  function keepFrom(number: number): void {
    if (reason.value !== null) store.pin(view, number);
  }
}
