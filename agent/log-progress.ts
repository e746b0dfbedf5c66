/**
 * How far this machine's logs were read, for the spool to keep beside the lines themselves: both are on disk, or neither.
 * So a killed agent neither sends a line twice nor leaves one out.
 */
import type { LogCollector } from '../collect/logs/log-collector.ts';
import { mergePositions, parsePositions, type LogPositions } from '../collect/logs/log-positions.ts';
import type { KeptState, StateKeeper } from './spool/spool-state.ts';

export class LogProgress implements StateKeeper {
  /** As of the newest `changed()`, which may not be on disk yet, and as of the one before, which is. */
  #newest: LogPositions | null = null;
  #before: LogPositions | null = null;
  #collector: LogCollector | null = null;

  /** Where an earlier start got to; null: nowhere. */
  get positions(): LogPositions | null {
    return this.#newest;
  }

  /** What an earlier start left. Anything odd in it is left out. */
  load({ whole, changes }: KeptState): void {
    for (const text of whole === null ? changes : [whole, ...changes]) {
      const positions = parsePositions(text);
      if (positions !== null) this.#newest = mergePositions(this.#newest, positions);
    }
    this.#before = this.#newest;
  }

  /** From now on its positions count. */
  follow(collector: LogCollector): void {
    this.#collector = collector;
  }

  /** Reads what waits to be read; resolves when that is handed over. */
  async catchUp(): Promise<void> {
    await this.#collector?.readNow();
  }

  /** What was not read so far will not be: reading begins anew, at the files' ends. */
  forget(): void {
    this.#collector = null;
    this.#newest = null;
  }

  changed(): string | null {
    this.#before = this.#newest;
    const changed = this.#collector?.changedPositions() ?? null;
    if (changed === null) return null;
    this.#newest = mergePositions(this.#newest, changed);
    return JSON.stringify(changed);
  }

  whole(): string | null {
    return this.#before && JSON.stringify(this.#before);
  }
}
