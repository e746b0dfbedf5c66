/** What changed, by the part of the machine it is about: a busy disk is one cause, and not its seven series. */
import type { ScoredChange } from '../../../../shared/changes/change-score.ts';
import { slowSeriesOf } from '../../../../shared/slow-series.ts';
import { seriesName, type SeriesGroup } from './series-names.ts';

export interface ChangeGroup {
  group: SeriesGroup;
  /** One or more, the one that moved most first. */
  changes: readonly ScoredChange[];
}

/** In the order of their first changes; `changes` is ranked. */
export function changeGroups(changes: readonly ScoredChange[]): ChangeGroup[] {
  const groups = new Map<SeriesGroup, ScoredChange[]>();
  for (const change of withoutSums(changes)) {
    const { group } = seriesName(change.series);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [change]);
    else known.push(change);
  }
  return Array.from(groups, ([group, members]) => ({ group, changes: members }));
}

/** What moved most of what moved at all: what is only there no more, or now, took nothing from anybody. */
export function mostMoved(changes: readonly ScoredChange[]): ScoredChange | undefined {
  return changes.find(
    ({ series, now, before }) => (now !== null && before !== null) || slowSeriesOf(series) === null,
  );
}

/** A sum over devices says again what one of them says. */
function withoutSums(changes: readonly ScoredChange[]): ScoredChange[] {
  const told = new Set(
    changes.flatMap(({ series }) => {
      const words = series.split('.');
      return words.length > 2 ? `${words[0]}.${words.at(-1)}` : [];
    }),
  );
  return changes.filter(({ series }) => !told.has(series));
}

/** How long its bar is, 0-100: a tenfold score is as much further each time, and a hundred fills it. */
export function scoreBar(score: number): number {
  return Math.min(100, 50 * Math.log10(Math.max(1, score)));
}
