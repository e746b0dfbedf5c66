/** The lines of one host around one of its lines, or around a moment. */
import type { ArchivedLine, SearchOrder } from '../../../shared/schema/log-search.ts';
import type { ArchiveReader, Place } from './archive-reader.ts';
import type { Breath } from './breath.ts';
import { everywhere, Search, type PlaceBounds } from './search.ts';
import type { ContextTask, SearchTask, ThreadAnswer } from '../search-task.ts';

interface Centre {
  host: string;
  /** What comes before it, the line itself, and what comes behind. A moment has no line. */
  older: PlaceBounds;
  own: PlaceBounds | null;
  newer: PlaceBounds;
  /** Epoch milliseconds that part both sides; null: the places do. */
  time: number | null;
}

/** Null: the line is not kept. */
export function contextOf(
  task: ContextTask,
  archive: ArchiveReader,
  breath: Breath,
): Extract<ThreadAnswer, { kind: 'context' }> | null {
  const centre = centreOf(task, archive);
  if (centre === null) return null;
  const linesIn = (
    bounds: PlaceBounds,
    order: SearchOrder,
    limit: number,
    range: Partial<SearchTask> = {},
  ) => {
    const found: ArchivedLine[] = [];
    const search: SearchTask = {
      kind: 'search',
      filter: '',
      hosts: [centre.host],
      from: null,
      to: null,
      after: null,
      before: null,
      order,
      limit,
      buckets: 0,
      maxMs: 0,
      sight: task.sight,
      names: task.names,
      ...range,
    };
    const tell = (record: { kind: string } & Partial<ArchivedLine>) => {
      if (record.kind === 'line') found.push({ id: record.id!, line: record.line! });
    };
    new Search(search, bounds, { archive, breath, trouble: null, tell }).run();
    return found;
  };
  const { older, own, newer, time } = centre;
  // One more than asked for tells whether there are more.
  const before = linesIn(older, 'newest', task.before + 1, { to: time });
  const line = own === null ? [] : linesIn(own, 'oldest', 1);
  const after = linesIn(newer, 'oldest', task.after + 1, { from: time });
  const shownBefore = before.slice(0, task.before).reverse();
  return {
    kind: 'context',
    lines: [...shownBefore, ...line, ...after.slice(0, task.after)],
    at: line.length === 0 ? null : shownBefore.length,
    hasOlder: before.length > task.before,
    hasNewer: after.length > task.after,
  };
}

function centreOf({ around }: ContextTask, archive: ArchiveReader): Centre | null {
  if ('host' in around) return { ...around, older: everywhere, own: null, newer: everywhere };
  const found = archive.lineAt(around);
  if (found === null) return null;
  const { place, host } = found;
  const behind: Place = [place[0], place[1], place[2] + 1];
  return {
    host,
    older: { ...everywhere, end: place },
    own: { first: place, end: behind },
    newer: { ...everywhere, first: behind },
    time: null,
  };
}
