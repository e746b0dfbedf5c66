/** `shares.json`: the share links of a hub, by the hash of their secrets; no secret is in it. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { share } from '../../shared/schema/shares.ts';

const keptShare = share.omit({ state: true, viewers: true }).extend({
  /** SHA-256 in hex. */
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** What made-up names of hosts are made with: who has the link must not be able to try real ones. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
});
/** A share as it is kept. */
export type KeptShare = z.infer<typeof keptShare>;

const fileShape = z.object({ shares: z.array(z.unknown()) });

/** A missing file holds none. Of a damaged one the entries that can be read are kept; it is set aside, and `report` is told. */
export function readShareFile(file: string, report: (trouble: Error) => void): KeptShare[] {
  let damage: unknown;
  let kept: KeptShare[] = [];
  try {
    const { shares } = fileShape.parse(JSON.parse(readFileSync(file, 'utf8')));
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
