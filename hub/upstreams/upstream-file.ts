/** `upstreams.json`: the hubs this one reads, with their tokens, sealed where there is a keyring; nobody but the hub's own user may read it (0600). */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { WatchlineError } from '../../shared/errors.ts';
import { upstreamEntry, upstreamRequest } from '../../shared/schema/servers.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';

const keptUpstream = upstreamRequest.pick({ pin: true, group: true }).extend({
  id: upstreamEntry.shape.id,
  origin: z.url().max(2048),
  paused: z.boolean(),
  /** As the keyring sealed it: longer than it is. */
  token: z.string().min(1).max(1024).nullable(),
});
export type KeptUpstream = z.infer<typeof keptUpstream>;

const fileShape = z.object({ upstreams: z.array(z.unknown()) });

/** A missing file holds none. Of a damaged one the entries that can be read are kept; it is set aside, and `report` is told. */
export function readUpstreamFile(file: string, report: (trouble: Error) => void): KeptUpstream[] {
  let damage: unknown;
  let kept: KeptUpstream[] = [];
  try {
    const { upstreams } = fileShape.parse(JSON.parse(readFileSync(file, 'utf8')));
    kept = upstreams.flatMap((entry) => keptUpstream.safeParse(entry).data ?? []);
    if (kept.length === upstreams.length) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return kept;
    damage = error;
  }
  report(
    new WatchlineError(
      'upstreams-file-damaged',
      `The list of upstreams ${file} is damaged: ${kept.length} of them could be read. ${setAside(file)}`,
      { remedy: 'Add the hubs that are missing again.', cause: damage },
    ),
  );
  return kept;
}

/** Throws what writing the file throws. */
export function writeUpstreamFile(file: string, upstreams: readonly KeptUpstream[]): void {
  writeFileAtomically(file, `${JSON.stringify({ upstreams }, null, 2)}\n`);
}
