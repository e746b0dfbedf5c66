/** Names the reason of each gap, and when it was. */
import { chartMessages } from './chart-messages.ts';
import type { ChartBoard, TimeSpan } from './chart-board.ts';
import type { LabelledStretch } from './plot-marks.ts';
import type { Stretch } from './stretches.ts';
import { formatClock } from '../format/time.ts';

export function labelStretches(
  stretches: readonly Stretch[],
  board: Pick<ChartBoard, 'gapReason'>,
  span: TimeSpan,
): LabelledStretch[] {
  return stretches.map((stretch) => {
    const known = board.gapReason(stretch);
    if (stretch.kind === 'uncollected') {
      // Nothing at all is shown: then it is worth a word, where there is one.
      const isAll = stretch.from <= span.from && stretch.to >= span.to;
      return { ...stretch, labels: isAll && known !== null ? [known] : [] };
    }
    const reason = known ?? chartMessages.gap;
    const isOpen = stretch.from <= span.from || stretch.to >= span.to;
    const times = chartMessages.gapLabel(reason, formatClock(stretch.from), formatClock(stretch.to));
    return { ...stretch, labels: isOpen ? [reason] : [times, reason] };
  });
}
