/** Exit codes of every command. Documented in docs/operations.md; their numbers never change. */

export const exitCodes = {
  ok: { number: 0, meaning: 'finished, or was told to stop' },
  unexpected: { number: 1, meaning: 'an unexpected error: please report it' },
  usage: { number: 2, meaning: 'a command or flag that does not exist, or lacks its value' },
  config: { number: 3, meaning: 'a setting or config file that cannot be used' },
  'port-in-use': {
    number: 4,
    meaning: 'the address cannot be listened on: taken, not allowed or not of this machine',
  },
  'already-running': { number: 5, meaning: 'a hub already runs on this data folder' },
  'data-folder': { number: 6, meaning: 'the data folder cannot be made, read or written' },
  refused: { number: 7, meaning: 'no hub to read from, or it refused the token or the request' },
  'checks-failed': { number: 8, meaning: 'doctor found something that keeps Watchline from running' },
} as const satisfies Record<string, { number: number; meaning: string }>;

export type ExitReason = keyof typeof exitCodes;

/** By the `code` of a WatchlineError; what is not in the table is unexpected. */
export function exitCodeOf(code: string): number {
  return Object.hasOwn(exitCodes, code) ? exitCodes[code as ExitReason].number : exitCodes.unexpected.number;
}
