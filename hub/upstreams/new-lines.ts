/** Which lines of a snapshot are new here, where both sides hold the newest lines of one and the same log. */
import type { LogLine } from '../../shared/schema/logs.ts';

/**
 * Both lists are oldest first. Where what is held ends within what is shown, the rest is new: all that is held is looked for, or
 * as much of its end as the shown list reaches back. The latest such place counts, so that lines which repeat are not doubled.
 */
export function newLines(held: readonly LogLine[], shown: readonly LogLine[]): LogLine[] {
  const heldKeys = held.map(keyOf);
  const shownKeys = shown.map(keyOf);
  for (let end = shown.length; end > 0 && held.length > 0; end--) {
    const common = Math.min(end, held.length);
    const isThere = heldKeys.slice(-common).every((key, at) => key === shownKeys[end - common + at]);
    if (isThere) return shown.slice(end);
  }
  return [...shown];
}

function keyOf({ time, source, text }: LogLine): string {
  return `${time} ${source} ${text}`;
}
