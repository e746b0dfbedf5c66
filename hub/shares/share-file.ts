/** `shares.json`: the share links of a hub, by the hash of their secrets; no secret is in it. */
import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { keptShare, shareFile, type KeptShare } from '../../shared/schema/kept-shares.ts';

/** A missing file holds none. Of a damaged one the entries that can be read are kept; it is set aside, and `report` is told. */
export function readShareFile(file: string, report: (trouble: Error) => void): KeptShare[] {
  let damage: unknown;
  let kept: KeptShare[] = [];
  try {
    const { shares } = shareFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    kept = shares.flatMap((entry) => keptShare.safeParse(entry).data ?? []);
    if (kept.length === shares.length) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return kept;
    damage = error;
  }
  report(
    new WatchlineError(
      'shares-file-damaged',
      `The list of share links ${file} is damaged: ${kept.length} of them could be read. ${setAside(file)}`,
      { remedy: 'Links that are missing open nothing any more: make new ones.', cause: damage },
    ),
  );
  return kept;
}

/** Throws what writing the file throws. */
export function writeShareFile(file: string, shares: readonly KeptShare[]): void {
  writeFileAtomically(file, `${JSON.stringify({ shares }, null, 2)}\n`);
}
