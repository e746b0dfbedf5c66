/**
 * How far this machine's logs were read, kept in a file, for an observer whose hub runs in the same process: it has no spool that would
 * keep them beside the lines. Where that hub keeps lines itself, each position goes with a place among them, so that after a kill the
 * lines that are read again are not kept twice.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../link/atomic-file.ts';
import type { LineKeeping } from '../shared/observer.ts';
import type { LogProgress } from './log-progress.ts';

/** What a kill may cost: lines of so long are read again. Much longer than a write of the file takes. */
const SAVE_MS = 2_000;

export interface PositionsFileOptions {
  dataDir: string;
  progress: LogProgress;
  /** Null: nobody keeps lines. */
  keeping: LineKeeping | null;
  /** The host whose lines they are. */
  host: string;
  /** A source that cannot be read again; null: there is none. */
  once: string | null;
}

/** What stands in the file beside the positions. */
interface KeptPlace {
  /** Lines up to here are those that were read by these positions; null: unknown. */
  place: string | null;
  /** True: there are no others, since the hub ended in order. */
  isEnd: boolean;
}

export interface KeptPositions extends AsyncDisposable {
  /** Where reading began is known: a kill from now on costs no line. */
  begun(): void;
}

/** Loads `progress`, and keeps it from then on, also when disposed. A disk that takes nothing costs the positions, and nothing else. */
export async function keepPositions(options: PositionsFileOptions): Promise<KeptPositions> {
  const { dataDir, progress, keeping, host, once } = options;
  const file = join(dataDir, 'log-positions.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  progress.load({ whole: kept, changes: [] });
  const { place, isEnd } = keptPlace(kept);
  // Without positions reading begins at the files' ends: then nothing comes again.
  if (place !== null && !isEnd && progress.positions !== null) await keeping?.rewind(host, place, once);
  let isOwed = false;
  // Before the first line: what a kill leaves from now on is behind a place of this start.
  if (keeping !== null) await save({ isEnd: false, isDue: true });
  let saving: Promise<void> | null = null;
  const saveNow = (): void => {
    saving ??= save({ isEnd: false, isDue: false }).finally(() => (saving = null));
  };
  const timer = setInterval(saveNow, SAVE_MS);
  timer.unref();
  return {
    begun: saveNow,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await saving;
      await save({ isEnd: true, isDue: keeping !== null });
    },
  };

  /** `isDue`: also where nothing was read since. */
  async function save({ isEnd, isDue }: { isEnd: boolean; isDue: boolean }): Promise<void> {
    if (progress.changed() !== null) isOwed = true;
    // Asked for in the same turn: no line comes between the positions and the place.
    const settling = keeping?.settle();
    const { positions } = progress;
    const settled = (await settling) ?? null;
    try {
      if (isOwed || isDue) writeFileAtomically(file, JSON.stringify({ ...positions, place: settled, isEnd }));
      isOwed = false;
      if (settled !== null) keeping!.settled(settled);
    } catch {
      // The next one tries again.
    }
  }
}

function keptPlace(text: string | null): KeptPlace {
  try {
    const { place, isEnd } = JSON.parse(text ?? '{}') as Partial<KeptPlace>;
    return { place: typeof place === 'string' ? place : null, isEnd: isEnd === true };
  } catch {
    return { place: null, isEnd: false };
  }
}
