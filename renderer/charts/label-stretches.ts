/** Names the reason of each stretch without samples, and when it was. */
import { chartMessages } from './chart-messages.ts';
import type { ChartBoard, KnownGap, TimeSpan } from './chart-board.ts';
import type { LabelledStretch } from './plot-marks.ts';
import type { Stretch } from './stretches.ts';
import { formatStretch } from '../format/time.ts';

/** `pointDistanceMs`: how exactly the stretches are known by what is drawn. */
export function labelStretches(
  stretches: readonly Stretch[],
  board: Pick<ChartBoard, 'gapIn' | 'holeReason' | 'now'>,
  { from, to, pointDistanceMs }: TimeSpan & { pointDistanceMs: number },
): LabelledStretch[] {
  return withFuture(stretches, board.now()).map((stretch) => {
    // What has not happened yet is neither stale nor offline.
    if (stretch.from >= board.now()) return { ...stretch, kind: 'uncollected', labels: [] };
    if (stretch.kind === 'unread') return { ...stretch, labels: asList(board.holeReason?.() ?? null) };
    const known = board.gapIn(stretch);
    if (known?.isExpected === true || (known === null && stretch.kind === 'uncollected')) {
      // Nothing at all is shown: then it is worth a word, where there is one.
      const isAll = stretch.from <= from && stretch.to >= to;
      return { ...stretch, kind: 'uncollected', labels: isAll ? asList(known?.reason ?? null) : [] };
    }
    const exact = known === null ? stretch : withEndsOf(stretch, known, pointDistanceMs);
    const reason = known?.reason ?? chartMessages.gap;
    const [begin, end] = [
      Math.min(exact.from, known?.from ?? Infinity),
      Math.max(exact.to, known?.to ?? -Infinity),
    ];
    const isOpen = known === null ? begin <= from || end >= to : end >= board.now() - pointDistanceMs;
    const stepMs = Math.min(pointDistanceMs, end - begin);
    // Where its day does not fit, its time may.
    const texts = [board.now(), begin].map((now) => formatStretch(begin, end, { stepMs, now }));
    const closed = texts.map((text) => chartMessages.gapLabel(reason, text));
    return { ...exact, kind: 'gap', labels: [...(isOpen ? [] : closed), reason] };
  });
}

/** Cut at `now`: of what lies behind it nobody can know anything. */
function withFuture(stretches: readonly Stretch[], now: number): Stretch[] {
  return stretches.flatMap((stretch) =>
    stretch.from < now && stretch.to > now
      ? [
          { ...stretch, to: now },
          { ...stretch, from: now },
        ]
      : stretch,
  );
}

/** Points are drawn in the middle of what they stand for; a gap that is known begins and ends where it did. */
function withEndsOf(stretch: Stretch, known: KnownGap, toleranceMs: number): Stretch {
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= toleranceMs;
  return {
    ...stretch,
    from: isNear(stretch.from, known.from) ? known.from : stretch.from,
    to: isNear(stretch.to, known.to) ? known.to : stretch.to,
  };
}

function asList(reason: string | null): string[] {
  return reason === null ? [] : [reason];
}
