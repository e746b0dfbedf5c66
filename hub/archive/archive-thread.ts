/**
 * A thread of the archive: searches, or moves what has come into volumes, one task at a time. SQLite is loaded here and nowhere else, so
 * a hub has it in memory while there is something to do, and no longer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { FilterSyntaxError } from '../../shared/filter/filter-syntax-error.ts';
import { searchProblems, type SearchRecord } from '../../shared/schema/log-search.ts';
import { ArchiveReader, type Place } from './search/archive-reader.ts';
import { Breath, SearchEnded } from './search/breath.ts';
import { contextOf } from './search/context.ts';
import { Keeper } from './volume/keeper.ts';
import { everywhere, Search } from './search/search.ts';
import type { SequencePlace, SearchTask, ThreadAnswer, ThreadStart, ThreadTask } from './search-task.ts';

/** Records are sent together, up to this many UTF-16 units; the first ones at once. */
const MAX_TOGETHER = 64 * 1024;

const port = parentPort!;
const { folder, epoch, stop } = workerData as ThreadStart;
const answer = (message: ThreadAnswer) => port.postMessage(message);

port.on('message', (task: ThreadTask) => answer(answerTo(task)));

function answerTo(task: ThreadTask): ThreadAnswer {
  try {
    if (task.kind === 'move') return move(task);
    const maxMs = task.kind === 'search' ? task.maxMs : Infinity;
    const breath = new Breath({ stop: new Int32Array(stop), maxMs, onSign: () => answer({ kind: 'alive' }) });
    using archive = new ArchiveReader(folder, epoch, tellDamage);
    if (task.kind === 'search') return search(task, archive, breath, task.trouble);
    return contextOf(task, archive, breath) ?? unknownLine();
  } catch (error) {
    if (error instanceof SearchEnded) return { kind: 'done' };
    if (error instanceof FilterSyntaxError)
      return { kind: 'failed', code: searchProblems.badFilter, message: error.message };
    return { kind: 'failed', code: codeOf(error), message: (error as Error).message };
  }
}

function move({ tapes, bounds }: Extract<ThreadTask, { kind: 'move' }>): ThreadAnswer {
  using keeper = new Keeper({ folder, ...bounds, onDamaged: tellDamage });
  keeper.move(tapes);
  return { kind: 'moved', bytes: keeper.bytes };
}

function search(
  task: SearchTask,
  archive: ArchiveReader,
  breath: Breath,
  trouble: string | null,
): ThreadAnswer {
  const first = task.after === null ? everywhere.first : behind(archive, task.after);
  const end = task.before === null ? everywhere.end : archive.placeOf(task.before);
  if (first === null || end === null) return unknownLine();
  let text = '';
  let hasTold = false;
  const flush = () => {
    if (text !== '') answer({ kind: 'text', text });
    text = '';
  };
  const tell = (record: SearchRecord) => {
    text += `${JSON.stringify(record)}\n`;
    const isFirst = record.kind === 'line' && !hasTold;
    hasTold ||= isFirst;
    if (isFirst || text.length > MAX_TOGETHER || record.kind !== 'line') flush();
  };
  new Search(task, { first, end }, { archive, breath, trouble, tell }).run();
  flush();
  return { kind: 'done' };
}

/** The place right behind the line that has this one. */
function behind(archive: ArchiveReader, { epoch: of, sequence }: SequencePlace): Place | null {
  return archive.placeOf({ epoch: of, sequence: sequence + 1 });
}

function unknownLine(): ThreadAnswer {
  return {
    kind: 'failed',
    code: searchProblems.unknownLine,
    message: 'No line with this id is kept (any more)',
  };
}

function tellDamage(file: string, error: Error): void {
  answer({ kind: 'damaged', file, message: error.message });
}

function codeOf(error: unknown): string {
  return (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR' ? 'sqlite' : 'internal';
}
