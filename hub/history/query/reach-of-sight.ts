/** How far back a reader may look. */
import type { Sight } from '../../access/sight.ts';

/**
 * Epoch milliseconds: buckets that begin before are not told. Infinity for a share that is live only: its viewers have what came since they
 * came, from the stream.
 */
export function beginningFor({ since }: Sight): number {
  return since === null ? -Infinity : since === 'live' ? Infinity : since;
}

/** With nothing in the buckets before `first`. */
export function cutColumns(counts: ArrayLike<number>, first: number): ArrayLike<number> {
  return Float64Array.from(counts, (count, at) => (at < first ? 0 : count));
}
