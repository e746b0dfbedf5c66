/** Which lines of a snapshot are new here, where both sides hold the newest lines of one and the same log. */
import type { LogLine } from '../../shared/schema/logs.ts';

/**
 * Both lists are oldest first. What the end of `held` and the beginning of `shown` have in common was taken before: the longest such
 * overlap counts, so that lines which repeat are not doubled.
 */
export function newLines(held: readonly LogLine[], shown: readonly LogLine[]): LogLine[] {
  const heldKeys = held.map(keyOf);
  const shownKeys = shown.map(keyOf);
  for (let overlap = Math.min(held.length, shown.length); overlap > 0; overlap--) {
    const start = heldKeys.length - overlap;
    if (heldKeys[start] !== shownKeys[0]) continue;
    if (shownKeys.slice(0, overlap).every((key, at) => key === heldKeys[start + at])) {
      return shown.slice(overlap);
    }
  }
  return [...shown];
}

function keyOf({ time, source, text }: LogLine): string {
  return `${time} ${source} ${text}`;
}
