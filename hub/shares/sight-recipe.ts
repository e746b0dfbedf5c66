/** A share's sight as plain data: what another thread makes the same sight from. */
import type { Sight } from '../access/sight.ts';
import { HostVeil, type NamedHost } from './host-veil.ts';
import type { KeptShare } from '../../shared/schema/kept-shares.ts';
import { shareSight } from './share-sight.ts';

export interface SightRecipe {
  /** Without what proves that somebody has its link. */
  share: Omit<KeptShare, 'secretHash'>;
  version: number;
  hosts: string[] | null;
  /** All that the hub knows; those that have made-up names first, in the order they got them. */
  named: NamedHost[];
}

export function sightOf({ share, version, hosts, named }: SightRecipe): Sight {
  const veil = share.scope.hidesNames ? new HostVeil(share.salt, () => named) : null;
  for (const { id } of named) veil?.shownId(id);
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const sight = shareSight({
    share: { ...share, secretHash: '' },
    version,
    hosts: hosts && new Set(hosts),
    veil,
    nameOf: (host) => names.get(host),
    recipe: null,
  });
  // Nobody can have missed what was before the share.
  return { ...sight, madeAt: share.createdAt };
}
