/** What the hub's main thread and the threads of the archive say to each other. All of it is plain data. */
import type { ArchivedLine, SearchOrder } from '../../shared/schema/log-search.ts';
import type { SightRecipe } from '../shares/sight-recipe.ts';
import type { Bounds } from './archive-folder.ts';

/** A place in the sequence of one start of the hub, as in a cursor. */
export interface SequencePlace {
  epoch: string;
  sequence: number;
}

/** What may be seen, and by which names hosts go. */
export interface Onlooker {
  /** Null: everything, as it is. */
  sight: SightRecipe | null;
  /** What hosts are called by those who ask, by the ids they know: the filter may speak of either. */
  names: Record<string, string>;
}

export interface SearchTask extends Onlooker {
  kind: 'search';
  filter: string;
  /** As the hub knows them; null: all. */
  hosts: string[] | null;
  /** Epoch milliseconds, the end excluded; null: as far as there are lines. */
  from: number | null;
  to: number | null;
  /** Neither place is included. */
  after: SequencePlace | null;
  before: SequencePlace | null;
  order: SearchOrder;
  limit: number;
  /** 0: no histogram. */
  buckets: number;
  /** Milliseconds it may take. */
  maxMs: number;
}

export interface ContextTask extends Onlooker {
  kind: 'context';
  /** The line in the middle, or a moment of a host. */
  around: SequencePlace | { host: string; time: number };
  before: number;
  after: number;
}

/** Moves these tapes, which are written to the end, and applies the bounds. */
export interface MoveTask {
  kind: 'move';
  tapes: string[];
  bounds: Bounds;
}

/** The first message of every thread. */
export interface ThreadStart {
  folder: string;
  /** The start of the hub: its places are known even before it has a line. */
  epoch: string;
  /** One `Int32`: not 0 while what is under way is not wanted any more. */
  stop: SharedArrayBuffer;
}

export type ThreadTask = (SearchTask | ContextTask | MoveTask) & {
  /** Sentences for the `begin` record. */
  trouble: string | null;
};

/** A task is answered with any number of `text` and `alive`, and then one of the others. */
export type ThreadAnswer =
  /** Lines of the answer to a search, each a whole record. */
  | { kind: 'text'; text: string }
  /** It is at work. */
  | { kind: 'alive' }
  | { kind: 'done' }
  | { kind: 'context'; lines: ArchivedLine[]; at: number | null; hasOlder: boolean; hasNewer: boolean }
  | { kind: 'moved'; bytes: number }
  | { kind: 'failed'; code: string; message: string }
  /** Said besides, at any time: this volume is damaged. */
  | { kind: 'damaged'; file: string; message: string };
