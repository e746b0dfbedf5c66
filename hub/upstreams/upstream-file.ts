/** `upstreams.json`: the hubs this one reads, with their tokens, sealed where there is a keyring; nobody but the hub's own user may read it (0600). */
import * as z from 'zod/mini';
import { upstreamEntry, upstreamRequest } from '../../shared/schema/servers.ts';
import { readKeptList, writeKeptList, type KeptList } from '../kept-list.ts';

const keptUpstream = z.extend(z.pick(upstreamRequest, { pin: true, group: true }), {
  id: upstreamEntry.shape.id,
  origin: z.url().check(z.maxLength(2048)),
  paused: z.boolean(),
  /** As the keyring sealed it: longer than it is. */
  token: z.nullable(z.string().check(z.minLength(1), z.maxLength(1024))),
});
export type KeptUpstream = z.infer<typeof keptUpstream>;

/** A missing file holds none. Of a damaged one the entries that can be read are kept; it is set aside, and `report` is told. */
export function readUpstreamFile(file: string, report: (trouble: Error) => void): KeptUpstream[] {
  return readKeptList(listIn(file), report);
}

/** Throws what writing the file throws. */
export function writeUpstreamFile(file: string, upstreams: readonly KeptUpstream[]): void {
  writeKeptList(listIn(file), upstreams);
}

function listIn(file: string): KeptList<KeptUpstream> {
  return {
    file,
    key: 'upstreams',
    schema: keptUpstream,
    damage: { code: 'upstreams-file-damaged', remedy: 'Add the hubs that are missing again.' },
  };
}
