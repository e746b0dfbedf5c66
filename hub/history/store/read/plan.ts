/** Which blocks answer a question: for each moment the tier that was asked for, a coarser one where that is gone, a finer one where it is not there yet. */
import type { Tier } from '../ladder.ts';
import type { Marks } from '../file/history-file.ts';
import { spanAt, stretchOf, type Stretch } from '../file/spans.ts';

/** A block and the part of it that counts, the end excluded. */
export interface Piece extends Stretch {
  tier: number;
  span: number;
}

/** The coarsest tier that buckets of `stepMs` can be made of without rounding; the finest where there is none. */
export function tierFor(ladder: readonly Tier[], stepMs: number): number {
  return Math.max(
    0,
    ladder.findLastIndex((tier) => stepMs % tier.stepMs === 0),
  );
}

/** In the order of time. What is newer than any block is not among them. */
export function planOf(
  ladder: readonly Tier[],
  marks: readonly Marks[],
  tier: number,
  { from, to }: Stretch,
): Piece[] {
  const pieces: Piece[] = [];
  for (let time = from; time < to;) {
    const wanted = marks.findIndex(({ kept }, at) => at >= tier && time >= kept);
    const held = heldBelow(marks, wanted === -1 ? ladder.length - 1 : wanted, time);
    if (held === null) break;
    const span = spanAt(ladder[held]!, time);
    let end = Math.min(to, stretchOf(ladder[held]!, span).to, marks[held]!.sealed);
    // A finer tier begins within this block.
    if (held > tier)
      end = Math.min(end, ...marks.slice(tier, held).map(({ kept }) => (kept > time ? kept : end)));
    pieces.push({ tier: held, span, from: time, to: end });
    time = end;
  }
  return pieces;
}

/** The first from `tier` downwards that has come as far as `time`; null: not even the finest. */
function heldBelow(marks: readonly Marks[], tier: number, time: number): number | null {
  for (let at = tier; at >= 0; at--) if (time < marks[at]!.sealed) return at;
  return null;
}
