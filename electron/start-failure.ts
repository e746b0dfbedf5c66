/** A start that failed: one native box with what happened and what to do, the same on stderr, and an exit code. */
import { app, dialog } from 'electron';
import { WatchlineError } from '../shared/errors.ts';
import { closeWithin } from './quit.ts';

/** What was opened before the failure gets this long to close. */
const CLOSE_LIMIT_MS = 2_000;

export async function failStart(trouble: unknown, opened: AsyncDisposable): Promise<void> {
  const { title, text } = describe(trouble);
  await closeWithin(opened, CLOSE_LIMIT_MS);
  process.stderr.write(`watchline: ${title}${text && ` ${text}`}\n`);
  dialog.showErrorBox(title, text);
  app.exit(exitCodeOf(trouble));
}

/** By the code of the error, the same numbers as the command line's (docs/operations.md). */
const exitCodes: Partial<Record<string, number>> = {
  usage: 2,
  config: 3,
  'port-in-use': 4,
  'address-unusable': 4,
  'already-running': 5,
  'segments-in-use': 5,
  'data-dir-unusable': 6,
  'segments-unusable': 6,
  'page-missing': 9,
};

export function exitCodeOf(trouble: unknown): number {
  return (trouble instanceof WatchlineError ? exitCodes[trouble.code] : undefined) ?? 1;
}

function describe(trouble: unknown): { title: string; text: string } {
  if (trouble instanceof WatchlineError) return { title: trouble.message, text: trouble.remedy ?? '' };
  const text = trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble);
  return { title: 'Watchline could not start, and this is a fault of the program.', text };
}
