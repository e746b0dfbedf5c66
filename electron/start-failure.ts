/** A start that failed: one native box with what happened and what to do, the same on stderr, and an exit code. */
import { app, dialog } from 'electron';
import { WatchlineError } from '../shared/errors.ts';
import { closeWithin } from './quit.ts';

/** What was opened before the failure gets this long to close. */
const CLOSE_LIMIT_MS = 2_000;

export async function failStart(trouble: unknown, opened: AsyncDisposable): Promise<void> {
  const { title, text, code } = describe(trouble);
  await closeWithin(opened, CLOSE_LIMIT_MS);
  process.stderr.write(`watchline: ${title}${text && ` ${text}`}\n`);
  dialog.showErrorBox(title, text);
  app.exit(code);
}

/** Exit codes as of `watchline hub`: 2 for a setting that cannot be used, 1 for everything else. */
function describe(trouble: unknown): { title: string; text: string; code: number } {
  if (trouble instanceof WatchlineError) {
    return { title: trouble.message, text: trouble.remedy ?? '', code: trouble.code === 'config' ? 2 : 1 };
  }
  const text = trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble);
  return { title: 'Watchline could not start, and this is a fault of the program.', text, code: 1 };
}
