/** The owner's token: new with every start, or kept in a file where programs elsewhere, such as another hub, need it to stay. */
import { readFileSync, writeFileSync } from 'node:fs';
import { WatchlineError } from '../../shared/errors.ts';
import { newSecret } from './secret.ts';

/** What a bearer token may be made of; shorter ones can be guessed. */
const TOKEN = /^[A-Za-z0-9._~+/=-]{32,512}$/;

/** Null: a new one. A file that is missing is made (0600), with a new one in it. Throws a `WatchlineError` (`config`). */
export function ownerTokenOf(file: string | null): string {
  const fresh = newSecret();
  if (file === null) return fresh;
  try {
    writeFileSync(file, `${fresh}\n`, { mode: 0o600, flag: 'wx', flush: true });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, error as Error);
  }
  return kept(file);
}

function kept(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw unusable(file, error as Error);
  }
  if (TOKEN.test(text)) return text;
  throw unusable(file, new Error('it must hold 32 to 512 letters, digits or ._~+/=- and nothing else'));
}

function unusable(file: string, cause: Error): WatchlineError {
  return new WatchlineError(
    'token-file-unusable',
    `The token file ${file} cannot be used: ${cause.message}.`,
    {
      remedy: 'Name a file in a folder this user may write to; where it does not exist, the hub makes it.',
      cause,
    },
  );
}
