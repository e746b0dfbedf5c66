/** The desktop program ends with the same numbers as the command line. */
import { expect, it } from 'vitest';
import { exitCodeOf as ofCommandLine, exitCodes } from '../../cli/exit-codes.ts';
import { exitCodeOf } from '../../electron/start-failure.ts';
import { WatchlineError } from '../../shared/errors.ts';

/** What only a command that talks to a hub can meet, an agent, or one that opens a bundle. */
const { refused, notPaired, untrusted, hubUnreachable, notInstalled, notABundle } = exitCodes;
const neverOfDesktop: readonly string[] = [
  ...[refused, notPaired, untrusted, hubUnreachable, notInstalled, notABundle].flatMap(({ errors }) => [
    ...errors,
  ]),
  'agent-state-unusable',
];

it.each(
  Object.values(exitCodes)
    .flatMap(({ errors }) => [...errors])
    .filter((code) => !neverOfDesktop.includes(code)),
)('%s', (code) => expect(exitCodeOf(new WatchlineError(code, 'said'))).toBe(ofCommandLine(code)));

it('an error that is no WatchlineError', () => {
  expect(exitCodeOf(new Error('unexpected'))).toBe(exitCodes.unexpected.number);
});
