/** A bundle has no "live": where an address names no stretch of time, its whole window is shown, or a preset's at its end. */
import type { Router } from 'vue-router';
import { spanOf, windowPresets, type TimeSpan } from '../../app/time-range.ts';

/** Such an address is a step of its own where asking for it was one, so that Back leads to the stretch before. */
export function showWholeWindow(router: Router, whole: TimeSpan): void {
  router.beforeEach(({ path, query: { window, ...query }, hash }) => {
    if (spanOf(query) !== null && window === undefined) return true;
    const preset = windowPresets.find(({ key }) => key === window);
    const from = preset === undefined ? whole.from : Math.max(whole.from, whole.to - preset.ms);
    return { path, hash, query: { ...query, from: String(from), to: String(whole.to) } };
  });
}
