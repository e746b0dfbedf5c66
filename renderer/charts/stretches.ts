/** Stretches of time without samples: where a line must break and what is hatched. */

/** Two samples further apart than this many intervals have a gap between them. */
export const GAP_INTERVALS = 2.5;

export interface Stretch {
  /** Epoch milliseconds. */
  from: number;
  to: number;
  /**
   * `uncollected`: before the first sample there is. `gap`: samples were due and none came. `unread`: whether there are any, the
   * page does not know yet.
   */
  kind: 'uncollected' | 'gap' | 'unread';
}

/**
 * The stretches of `from`..`to` without samples. `times` is ascending and may begin before `from`: a
 * sample just outside carries the line in.
 */
export function emptyStretches(
  times: ArrayLike<number>,
  from: number,
  to: number,
  intervalMs: number,
): Stretch[] {
  const limit = GAP_INTERVALS * intervalMs;
  const stretches: Stretch[] = [];
  const count = times.length;
  if (count === 0) return [{ from, to, kind: 'uncollected' }];
  if (times[0]! > from) stretches.push({ from, to: Math.min(times[0]!, to), kind: 'uncollected' });
  for (let i = 1; i < count; i++) {
    if (times[i]! - times[i - 1]! > limit) addGap(times[i - 1]!, times[i]!);
  }
  if (to - times[count - 1]! > limit) addGap(times[count - 1]!, to);
  return stretches;

  function addGap(start: number, end: number): void {
    const stretch: Stretch = { from: Math.max(start, from), to: Math.min(end, to), kind: 'gap' };
    if (stretch.to > stretch.from) stretches.push(stretch);
  }
}

/** The same with `holes`, ascending, of which nothing is known: what lies in them is neither a gap nor none. */
export function withHoles(stretches: readonly Stretch[], holes: readonly Omit<Stretch, 'kind'>[]): Stretch[] {
  if (holes.length === 0) return [...stretches];
  const rest = stretches.flatMap((stretch) => {
    const parts: Stretch[] = [];
    let from = stretch.from;
    for (const hole of holes) {
      if (hole.to <= from || hole.from >= stretch.to) continue;
      if (hole.from > from) parts.push({ ...stretch, from, to: hole.from });
      from = hole.to;
    }
    if (from < stretch.to) parts.push({ ...stretch, from });
    return parts;
  });
  return [...rest, ...holes.map((hole): Stretch => ({ ...hole, kind: 'unread' }))].sort(
    (a, b) => a.from - b.from,
  );
}

/** The index of the sample nearest to `time`, or -1 where none is within half a gap of it. */
export function nearestSample(times: ArrayLike<number>, time: number, intervalMs: number): number {
  const count = times.length;
  if (count === 0) return -1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  const nearest = Math.abs(times[before]! - time) <= Math.abs(times[low]! - time) ? before : low;
  return Math.abs(times[nearest]! - time) <= (GAP_INTERVALS / 2) * intervalMs ? nearest : -1;
}
