/** Which series of a host a reader asked for, and what it knows them by: a share may call hosts and devices otherwise. */
import type { StreamEvent } from '../../../shared/events.ts';
import { globTest } from '../../../shared/filter/glob.ts';
import { freeKey } from '../../../shared/slow-series.ts';
import type { Sight } from '../../access/sight.ts';

export interface ShownSeries {
  /** As it is kept. */
  key: string;
  /** As the reader knows it. */
  shown: string;
}

/** What readers of a sight know a host by. */
export function shownHost(sight: Sight, host: string): string {
  return shownColumns(sight, host, null)?.host ?? host;
}

/** Whether a question can only be answered by who knows all series of the host. */
export function needsAllKeys(sight: Sight, asked: readonly string[]): boolean {
  return sight.show !== null || asked.some((key) => key.includes('*'));
}

/**
 * Those of `keys` that were asked for, in the order they were asked for; of a pattern in the order of `keys`. No more than `most`: null where
 * there are.
 */
export function matchingSeries(
  sight: Sight,
  host: string,
  asked: readonly string[],
  keys: readonly string[],
  most: number,
): ShownSeries[] | null {
  const known = sight.show === null ? keys.map((key) => ({ key, shown: key })) : shownAs(sight, host, keys);
  const found = new Map<string, ShownSeries>();
  for (const wish of asked) {
    const fits = wish.includes('*') ? globTest(wish) : (key: string) => key === wish;
    for (const series of known) if (fits(series.shown)) found.set(series.key, series);
    if (found.size > most) return null;
  }
  return [...found.values()];
}

function shownAs(sight: Sight, host: string, keys: readonly string[]): ShownSeries[] {
  const taken = new Set<string>();
  return keys.flatMap((key) => {
    const shown = shownColumns(sight, host, key)?.key;
    return shown === undefined ? [] : [{ key, shown: freeKey(shown, taken) }];
  });
}

/** Asked of the sight in the form in which the stream tells of late samples: what it changes there it changes here. */
function shownColumns(
  sight: Sight,
  host: string,
  key: string | null,
): { host: string; key: string | undefined } | null {
  if (sight.show === null) return { host, key: key ?? undefined };
  const series = key === null ? {} : { [key]: [] };
  const event: StreamEvent = { name: 'backfill', data: { host, intervalMs: 1_000, times: [], series } };
  const shown = sight.show(event);
  if (shown?.name !== 'backfill') return null;
  return { host: shown.data.host, key: Object.keys(shown.data.series)[0] };
}
