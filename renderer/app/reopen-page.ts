/**
 * Screens and dialogs are fetched when they are first needed. A hub that was updated under an open page has them no more, and the link
 * or button would do nothing: the page is opened anew, where it was going.
 */
import { onScopeDispose } from 'vue';
import type { Router } from 'vue-router';

/** `isConnected`: without a hub there is nothing to open, and the page that is there tells why. */
export function reopenWherePartsAreMissing(router: Router, isConnected: () => boolean): void {
  /** Where the router is about to go; null: nowhere. */
  let next: string | null = null;
  const ends = [
    router.beforeEach((to) => {
      next = to.fullPath;
    }),
    router.afterEach(() => (next = null)),
    router.onError(() => (next = null)),
  ];
  window.addEventListener('vite:preloadError', reopen);
  onScopeDispose(() => {
    window.removeEventListener('vite:preloadError', reopen);
    for (const end of ends) end();
  });

  function reopen(): void {
    // A page that has not shown anything yet was opened just now: once more would not help it.
    if (router.currentRoute.value.matched.length === 0 || !isConnected()) return;
    if (next === null) location.reload();
    else location.assign(router.resolve(next).href);
  }
}
