/** Tells a person on stderr what went wrong: one sentence, and what to do. */
import { readEnvironment } from '../hub/config/environment.ts';
import { WatchlineError } from '../shared/errors.ts';
import { visibleText } from '../shared/visible-text.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

/** The exit code that goes with the error. */
export function reportError(error: unknown, stderr: NodeJS.WritableStream = process.stderr): number {
  const { isDebug } = readEnvironment();
  if (isDebug) stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  if (error instanceof WatchlineError) {
    if (!isDebug) stderr.write(`${visibleText(error.message)}\n`);
    if (error.remedy !== null) stderr.write(`${visibleText(error.remedy)}\n`);
    return exitCodeOf(error.code);
  }
  if (!isDebug) {
    const message = error instanceof Error ? error.message : String(error);
    stderr.write(
      `Unexpected error: ${visibleText(message)}\nRun it again with WATCHLINE_DEBUG=1 to see where.\n`,
    );
  }
  return exitCodes.unexpected.number;
}
