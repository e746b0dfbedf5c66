/** The newest log lines of one host, for snapshots. */
import { SNAPSHOT_LOG_LINES } from '../../shared/protocol.ts';
import type { LogLine } from '../../shared/schema/logs.ts';

/** Most text kept per host, in UTF-16 units: long lines push out more of the older ones. */
const MAX_TEXT = 256 * 1024;

export class LogRing {
  readonly #lines: LogLine[] = [];
  #text = 0;

  push(line: LogLine): void {
    this.#lines.push(line);
    this.#text += line.text.length;
    while (this.#lines.length > SNAPSHOT_LOG_LINES || (this.#text > MAX_TEXT && this.#lines.length > 1)) {
      this.#text -= this.#lines.shift()!.text.length;
    }
  }

  /** Oldest first. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }
}
