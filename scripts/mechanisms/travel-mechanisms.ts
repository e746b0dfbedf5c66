/** What keeps travelling through history honest, quick and bounded. */
import type { Mechanism } from './mechanism.ts';

const tiles = { kind: 'unit', test: 'renderer/store/past/past-tiles' } as const;

export const travelMechanisms: readonly Mechanism[] = [
  {
    promise: 36,
    what: 'what the page holds of the past is bounded',
    file: 'renderer/store/past/past-tiles.ts',
    text: 'if (this.#values <= this.#maxValues) return;',
    off: 'if (this.#values >= 0) return;',
    ...tiles,
    title: 'holds while travelling, and the longest unused go first',
  },
  {
    promise: 36,
    what: 'an empty bucket is no row, so that a line breaks there',
    file: 'renderer/store/past/past-rows.ts',
    text: 'if (!isKnown) continue;',
    off: '',
    ...tiles,
    title: 'has no row where a bucket is empty',
  },
  {
    promise: 36,
    what: 'what is not here yet is shown coarser or finer',
    file: 'renderer/store/past/past-tiles.ts',
    text: 'const others = this.#insteadOf(question, span);',
    off: 'const others: PastPiece[] = this.#insteadOf(question, span).slice(0, 0);',
    ...tiles,
    title: 'is shown coarser, or finer, until what fits has come',
  },
  {
    promise: 36,
    what: 'what came late is asked for again',
    file: 'renderer/store/past/past-tiles.ts',
    text: 'for (const column of tile.columns.values()) column.isStale = true;',
    off: '',
    ...tiles,
    title: 'what came late is asked for again where it belongs',
  },
  {
    promise: 36,
    what: 'an answer for a sight that has changed is not shown',
    file: 'renderer/app/past-series.ts',
    text: 'if (era !== before) return;',
    off: '',
    kind: 'unit',
    test: 'renderer/app/past-series',
    title: 'after a new sight nothing of before is shown',
  },
  {
    promise: 36,
    what: 'questions wait in a short queue, the newest first',
    file: 'renderer/app/past-series.ts',
    text: '.slice(0, MAX_WAITING)',
    off: '',
    kind: 'unit',
    test: 'renderer/app/past-series',
    title: 'a hasty journey leaves no queue behind',
  },
  {
    promise: 36,
    what: 'a gesture is one step of the address',
    file: 'renderer/charts/use-plot-gestures.ts',
    text: 'board.dragScale(event.deltaY + event.deltaX > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, time);',
    off: 'board.scale(event.deltaY + event.deltaX > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, time);',
    kind: 'e2e',
    test: 'host-travel',
    title: 'the address follows once',
  },
];
