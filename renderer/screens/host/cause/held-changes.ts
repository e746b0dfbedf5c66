/** What changed, from the samples that the page holds: the same score as the hub's, at once. */
import type { TimeSpan } from '../../../app/time-range.ts';
import type { SeriesTable } from '../../../store/series-table.ts';
import type { SeenReadings } from '../seen-readings.ts';
import { countComparable, rankChanges, type ScoredChange } from '../../../../shared/changes/change-score.ts';
import { seriesWindows } from './compared-windows.ts';
import type { Held } from './use-told.ts';

export interface ChangeReport {
  before: TimeSpan;
  /** Series that there was something to compare of; 0: nothing is known of the time before. */
  compared: number;
  /** The one that moved most first. */
  changes: readonly ScoredChange[];
}

export type HeldReadings = Pick<SeenReadings<{ time: number }>, 'keys' | 'columnsAt' | 'oldest'>;

/** Null where nothing of either window is held. `seen`: what is read beside the samples. */
export function heldChanges(
  series: Pick<SeriesTable, 'keys' | 'window' | 'oldest'>,
  window: TimeSpan,
  seen: readonly HeldReadings[] = [],
): Held<ChangeReport> | null {
  const { before } = seriesWindows(window);
  const keys = series.keys();
  const [now, earlier] = [
    series.window(keys, window.from, window.to),
    series.window(keys, before.from, before.to - 1),
  ];
  if (now.times.length === 0 || earlier.times.length === 0) return null;
  const compared = keys.map((key, index) => ({
    series: key,
    now: now.columns[index]!,
    before: earlier.columns[index]!,
  }));
  const reaches = ({ oldest }: { oldest: number | null }) => oldest !== null && oldest <= before.from;
  // Of readings that began in the midst nobody can say what was before; a host without sensors has none to wait for.
  for (const readings of seen.filter(reaches)) {
    const others = readings.keys().filter((key) => !keys.includes(key));
    const [later, sooner] = [
      readings.columnsAt(others, now.times),
      readings.columnsAt(others, earlier.times),
    ];
    for (const [index, key] of others.entries())
      compared.push({ series: key, now: later[index]!, before: sooner[index]! });
  }
  return {
    value: { before, compared: countComparable(compared), changes: rankChanges(compared) },
    isWhole: [series, ...seen.filter(({ oldest }) => oldest !== null)].every(reaches),
  };
}
