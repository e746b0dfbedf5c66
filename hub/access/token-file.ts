/** `tokens.json`: operator tokens by the hash of the token; no token is in it. */
import { readFileSync } from 'node:fs';
import { WatchlineError } from '../../shared/errors.ts';
import { setAside } from '../../link/set-aside.ts';
import { MAX_OPERATOR_TOKENS } from '../../shared/schema/access.ts';
import { keptToken, tokenFile, type KeptToken } from '../../shared/schema/kept-tokens.ts';

/** A missing file holds none. A damaged one is set aside, and `report` is told; what of it can be read is kept. */
export function readTokenFile(file: string, report: (trouble: Error) => void): KeptToken[] {
  let damage: unknown;
  let kept: KeptToken[] = [];
  try {
    const { tokens } = tokenFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    kept = tokens.flatMap((entry) => keptToken.safeParse(entry).data ?? []).slice(-MAX_OPERATOR_TOKENS);
    if (kept.length === tokens.length) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return kept;
    damage = error;
  }
  report(
    new WatchlineError(
      'tokens-file-damaged',
      `The list of operator tokens ${file} is damaged: ${kept.length} of them could be read. ${setAside(file)}`,
      {
        remedy: 'Put back a copy of it and start the hub again, or make the missing tokens anew.',
        cause: damage,
      },
    ),
  );
  return kept;
}
