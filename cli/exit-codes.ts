/** Exit codes of every command. Documented in docs/operations.md; their numbers never change. */

export interface ExitCode {
  number: number;
  meaning: string;
  /** Codes of the `WatchlineError`s that end a command with it. */
  errors: readonly string[];
}

export const exitCodes = {
  ok: { number: 0, meaning: 'finished, or was told to stop', errors: [] },
  unexpected: { number: 1, meaning: 'an unexpected error: please report it', errors: [] },
  usage: {
    number: 2,
    meaning: 'a command or flag that does not exist, or lacks its value',
    errors: ['usage'],
  },
  config: { number: 3, meaning: 'a setting or config file that cannot be used', errors: ['config'] },
  address: {
    number: 4,
    meaning: 'the address cannot be listened on: taken, not allowed or not of this machine',
    errors: ['port-in-use', 'address-unusable'],
  },
  alreadyRunning: {
    number: 5,
    meaning: 'a hub or agent already runs on this data folder',
    errors: ['already-running', 'segments-in-use'],
  },
  dataFolder: {
    number: 6,
    meaning: 'the data folder cannot be made, read or written',
    errors: ['data-dir-unusable', 'segments-unusable', 'agent-state-unusable'],
  },
  refused: {
    number: 7,
    meaning: 'no hub to read from, or it refused the token or the request',
    errors: ['refused'],
  },
  checksFailed: {
    number: 8,
    meaning: 'doctor found something that keeps Watchline from running',
    errors: [],
  },
  incomplete: { number: 9, meaning: 'this Watchline is not whole: build it anew', errors: ['page-missing'] },
  notPaired: {
    number: 10,
    meaning: 'the agent is not paired, and has no code that its hub takes',
    errors: ['not-paired', 'wrong-code', 'expired-code', 'too-many-bad-tokens', 'incompatible'],
  },
  untrusted: {
    number: 11,
    meaning: "the hub's certificate or key is not one to trust; nothing was sent to it",
    errors: ['pin-changed', 'certificate-untrusted'],
  },
  hubUnreachable: {
    number: 12,
    meaning: 'the hub to pair with cannot be reached, is full, or something else answers at its address',
    errors: [
      'unreachable',
      'no-answer',
      'no-tls',
      'not-a-hub',
      'redirected',
      'answer-too-large',
      'not-found',
      'hub-full',
      'disk-full',
    ],
  },
  notInstalled: {
    number: 13,
    meaning: 'the agent cannot be installed as a service here, or removed',
    errors: ['install'],
  },
  notABundle: {
    number: 14,
    meaning: 'the file is no incident bundle, or one that cannot be opened',
    errors: ['bundle-not-one', 'bundle-newer', 'bundle-damaged', 'bundle-too-large', 'bundle-unreadable'],
  },
} as const satisfies Record<string, ExitCode>;

/** By the `code` of a WatchlineError; what is not in the table is unexpected. */
export function exitCodeOf(code: string): number {
  const codes: readonly ExitCode[] = Object.values(exitCodes);
  return (codes.find(({ errors }) => errors.includes(code)) ?? exitCodes.unexpected).number;
}
