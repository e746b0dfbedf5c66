/** What changed, by the part of the machine it is about: a busy disk is one cause, and not its seven series. */
import type { ScoredChange } from '../../../../shared/changes/change-score.ts';
import { seriesName, type SeriesGroup } from './series-names.ts';

export interface ChangeGroup {
  group: SeriesGroup;
  /** One or more, the one that moved most first. */
  changes: readonly ScoredChange[];
}

/** In the order of their first changes; `changes` is ranked. */
export function changeGroups(changes: readonly ScoredChange[]): ChangeGroup[] {
  const groups = new Map<SeriesGroup, ScoredChange[]>();
  for (const change of changes) {
    const { group } = seriesName(change.series);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [change]);
    else known.push(change);
  }
  return Array.from(groups, ([group, members]) => ({ group, changes: members }));
}

/** How long its bar is, 0-100: a tenfold score is as much further each time, and a hundred fills it. */
export function scoreBar(score: number): number {
  return Math.min(100, 50 * Math.log10(Math.max(1, score)));
}

export interface ShownMove {
  /** Null: there was nothing before. */
  from: number | null;
  /** Null: there is nothing any more. */
  to: number | null;
  /** `to` was reached, but was not usual in the window. */
  isPeak: boolean;
}

/** The middle is told where it moved as well, else how far it went: a spike need not fill what was chosen. */
export function shownMove({ direction, now, before }: ScoredChange): ShownMove {
  const from = before?.median ?? null;
  if (now === null) return { from, to: null, isPeak: false };
  const start = from ?? 0;
  const furthest = direction === 'down' ? now.min : now.max;
  const isWhole = Math.abs(now.median - start) >= Math.abs(furthest - start) / 2;
  return { from, to: isWhole ? now.median : furthest, isPeak: !isWhole };
}
