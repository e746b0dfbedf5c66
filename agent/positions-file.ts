/**
 * How far this machine's logs were read, kept in a file, for an observer whose hub runs in the same process: it has no spool that would
 * keep them beside the lines.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../link/atomic-file.ts';
import type { LogProgress } from './log-progress.ts';

/** What a kill may cost: lines of so long come twice. Much longer than a write of the file takes. */
const SAVE_MS = 2_000;

/** Loads `progress`, and keeps it from then on, also when disposed. A disk that takes nothing costs the positions, and nothing else. */
export async function keepPositions(dataDir: string, progress: LogProgress): Promise<Disposable> {
  const file = join(dataDir, 'log-positions.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  progress.load({ whole: kept, changes: [] });
  const timer = setInterval(save, SAVE_MS);
  timer.unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      save();
    },
  };

  function save(): void {
    if (progress.changed() === null) return;
    try {
      writeFileAtomically(file, JSON.stringify(progress.positions));
    } catch {
      // The next change tries again.
    }
  }
}
