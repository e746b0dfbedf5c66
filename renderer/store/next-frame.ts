/** Batches changes: one call per painted frame, and once a second while nothing is painted. */

const hiddenDelayMs = 1_000;

/** Calls once: before the next paint, or after a second where the page is hidden and none comes. */
export function onNextFrame(call: () => void): void {
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, hiddenDelayMs);

  function run(): void {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    call();
  }
}
