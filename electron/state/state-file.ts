/** Keeps the desktop state in `window.json` of the data folder: read once, written whole or not at all. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { firstState, parseDesktopState, type DesktopState } from './desktop-state.ts';

/** A state file of ours is under 10 KB; anything near this is not one. */
const MAX_BYTES = 256 * 1024;

/** Moving a window fires hundreds of events: one write this long after the last. */
const WRITE_AFTER_MS = 500;

export interface StateFile extends Disposable {
  readonly current: DesktopState;
  /** Merges into the state and writes it soon. A disk that refuses costs the change, never the program. */
  change(part: Partial<DesktopState>): void;
}

export function openStateFile(folder: string): StateFile {
  const file = path.join(folder, 'window.json');
  let current = readState(file);
  let timer: NodeJS.Timeout | null = null;

  return {
    get current() {
      return current;
    },
    change(part) {
      current = { ...current, ...part };
      timer ??= setTimeout(write, WRITE_AFTER_MS).unref();
    },
    [Symbol.dispose]() {
      if (timer) write();
    },
  };

  function write() {
    if (timer) clearTimeout(timer);
    timer = null;
    try {
      writeFileAtomically(file, `${JSON.stringify(current, null, 2)}\n`);
    } catch {
      // A full or read-only disk: the window opens in its default place next time.
    }
  }
}

function readState(file: string): DesktopState {
  try {
    if (statSync(file).size > MAX_BYTES) return firstState;
    return parseDesktopState(readFileSync(file, 'utf8'));
  } catch {
    return firstState;
  }
}
