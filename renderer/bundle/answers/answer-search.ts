/** `GET /api/v1/logs/search`, answered from a bundle. */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { FilterSyntaxError } from '../../../shared/filter/filter-syntax-error.ts';
import { maxFilterLength, parseFilter } from '../../../shared/filter/parse.ts';
import type { FilterNode } from '../../../shared/filter/tree.ts';
import {
  MAX_SEARCH_BUCKETS,
  MAX_SEARCH_LIMIT,
  SEARCH_LIMIT,
  searchProblems,
  type ArchivedLine,
  type HistogramCounts,
  type SearchRecord,
} from '../../../shared/schema/log-search.ts';
import type { RegexGuard } from '../../store/regex-guard.ts';
import { passingLines } from './passing-lines.ts';
import { countIn, listIn, RefusedQuestion, windowIn } from './query.ts';

export async function answerSearch(
  bundle: Bundle,
  query: URLSearchParams,
  guard: RegexGuard,
): Promise<SearchRecord[]> {
  const { head, lines } = bundle;
  const window = windowIn(query, head);
  const limit = countIn(query, 'limit', SEARCH_LIMIT, MAX_SEARCH_LIMIT);
  const buckets = countIn(query, 'buckets', 0, MAX_SEARCH_BUCKETS);
  const filter = filterIn(query);
  const isInScope = scopeOf(bundle, query, window);
  const names = new Map(
    bundle.events.flatMap(({ name, data }) => (name === 'host' ? [[data.id, data.name]] : [])),
  );
  const hostName = (host: string) => names.get(host);
  const matching = await passingLines(lines.filter(isInScope), { filter, hostName, guard });
  if (matching === null)
    throw new RefusedQuestion(
      422,
      searchProblems.slowPattern,
      'A regular expression of the filter takes too long.',
      'Simplify it, or add words that narrow the search.',
    );
  const told = query.get('order') === 'oldest' ? matching : matching.toReversed();
  const shown = told.slice(0, limit);
  const bucketMs = buckets === 0 ? null : Math.max(1, Math.ceil((window.to - window.from) / buckets));
  return [
    { kind: 'begin', serverTime: head.to, ...window, bucketMs, keptSince: head.from, trouble: null },
    ...shown.map(({ id, line }): SearchRecord => ({ kind: 'line', id, line })),
    {
      kind: 'end',
      searched: lines.length,
      total: lines.length,
      matched: matching.length,
      histogram: bucketMs === null ? null : histogramOf(matching, window, bucketMs),
      ...(limit > 0 && shown.length < matching.length
        ? { reason: 'limit', lastId: shown.at(-1)!.id }
        : { reason: 'complete', lastId: null }),
    },
  ];
}

function filterIn(query: URLSearchParams): FilterNode {
  try {
    return parseFilter((query.get('filter') ?? '').slice(0, maxFilterLength));
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw new RefusedQuestion(400, searchProblems.badFilter, error.message);
  }
}

/** Hosts, the window, and the lines between which the answer lies. */
function scopeOf(
  { lines }: Bundle,
  query: URLSearchParams,
  { from, to }: { from: number; to: number },
): (each: ArchivedLine, index: number) => boolean {
  const hosts = listIn(query, 'hosts');
  const after = placeOf(lines, query.get('after'), -1);
  const before = placeOf(lines, query.get('before'), Infinity);
  return ({ line }, index) =>
    index > after &&
    index < before &&
    line.time >= from &&
    line.time < to &&
    (hosts === null || hosts.includes(line.host));
}

/** NaN, between which and anything lies nothing: the bundle holds no such line. */
function placeOf(lines: readonly ArchivedLine[], id: string | null, otherwise: number): number {
  if (id === null) return otherwise;
  const place = lines.findIndex((each) => each.id === id);
  return place < 0 ? NaN : place;
}

function histogramOf(
  lines: readonly ArchivedLine[],
  { from, to }: { from: number; to: number },
  bucketMs: number,
): HistogramCounts {
  const columns = Math.ceil((to - from) / bucketMs);
  const counts: HistogramCounts = {};
  for (const { line } of lines) {
    const column = (counts[line.level ?? 'none'] ??= new Array<number>(columns).fill(0));
    column[Math.floor((line.time - from) / bucketMs)]!++;
  }
  return counts;
}
