/** What journalctl says on its standard error, as the state of the source. */
import { userInfo } from 'node:os';
import type { SourceState } from '../../../shared/schema/logs.ts';

export interface JournalTrouble {
  state: SourceState;
  reason: string;
  /** The cursor asked for cannot be used: seek by time instead. */
  isStaleCursor: boolean;
}

export const noJournal = 'This machine keeps no journal so far; following starts when it does.';

/** Null for lines that need no word. */
export function journalTrouble(line: string): JournalTrouble | null {
  if (/insufficient permissions|not seeing messages from other users|Permission denied/i.test(line)) {
    const user = userInfo().username;
    return {
      state: 'denied',
      reason:
        `${user} may not read the whole system journal. Add the user to its group: ` +
        `sudo usermod -aG systemd-journal ${user}, then start Watchline again.`,
      isStaleCursor: false,
    };
  }
  if (/seek to cursor|invalid cursor|cursor.*(not|in)valid/i.test(line)) {
    return {
      state: 'waiting',
      reason: 'The journal was vacuumed; reading goes on by time.',
      isStaleCursor: true,
    };
  }
  if (/No journal files were found/i.test(line)) {
    return {
      state: 'waiting',
      reason: noJournal,
      isStaleCursor: false,
    };
  }
  return null;
}
