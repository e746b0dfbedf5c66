/** A share as the hub holds it: what is kept of it, and the sight that follows from that and from the hosts there are. */
import type { HostRecord } from '../hosts/host-record.ts';
import type { ShareGrant } from '../access/share-door.ts';
import { HostVeil } from './host-veil.ts';
import type { KeptShare } from '../../shared/schema/kept-shares.ts';
import { shareSight } from './share-sight.ts';
import type { SightRecipe } from './sight-recipe.ts';

/** What it asks of the registry. */
export interface KnownHosts {
  readonly records: Iterable<HostRecord>;
  recordOf(id: string): HostRecord | null;
}

export class OpenShare {
  #kept: KeptShare;
  readonly #registry: KnownHosts;
  readonly #veil: HostVeil | null;
  #hosts: ReadonlySet<string> | null;
  /** Made when it is first asked for. */
  #grant: ShareGrant | null = null;
  /** Counts sights: two that may differ never have the same key. */
  #version = 0;

  constructor(kept: KeptShare, registry: KnownHosts) {
    this.#kept = kept;
    this.#registry = registry;
    this.#veil = kept.scope.hidesNames
      ? new HostVeil(kept.salt, () => Array.from(registry.records, ({ host }) => host))
      : null;
    this.#hosts = this.#hostsNow();
  }

  get kept(): KeptShare {
    return this.#kept;
  }

  /** The next sight is another one. */
  replace(kept: KeptShare): void {
    this.#kept = kept;
    this.#grant = null;
  }

  /** Somebody has come with its link. What it shows stays the same. */
  noteSeen(now: number): void {
    this.#kept = { ...this.#kept, firstSeenAt: this.#kept.firstSeenAt ?? now, lastSeenAt: now };
  }

  /** Hosts, their names or groups are others than before. True: it shows other hosts now. */
  refreshHosts(): boolean {
    this.#veil?.forgetNames();
    const before = this.#hosts;
    const now = this.#hostsNow();
    const isSame =
      now === null || (before !== null && now.size === before.size && [...now].every((id) => before.has(id)));
    if (isSame) return false;
    this.#hosts = now;
    this.#grant = null;
    return true;
  }

  get grant(): ShareGrant {
    const { id, label, by, expiresAt, scope } = this.#kept;
    this.#grant ??= {
      id,
      told: {
        id,
        label,
        by,
        expiresAt,
        since: scope.since,
        hidesNames: scope.hidesNames,
        filtersLogs: scope.logFilter !== null,
      },
      sight: shareSight({
        share: this.#kept,
        version: ++this.#version,
        hosts: this.#hosts,
        veil: this.#veil,
        nameOf: (host) => this.#registry.recordOf(host)?.host.name,
        recipe: () => this.#recipe(),
      }),
    };
    return this.#grant;
  }

  #recipe(): SightRecipe {
    const { secretHash: _, ...share } = this.#kept;
    const names = new Map(Array.from(this.#registry.records, ({ host }) => [host.id, host.name]));
    const ids = new Set([...(this.#veil?.shownHosts ?? []), ...names.keys()]);
    return {
      share,
      version: this.#version,
      hosts: this.#hosts && [...this.#hosts],
      named: Array.from(ids, (id) => ({ id, name: names.get(id) ?? id })),
    };
  }

  /** Null: all, whichever come. */
  #hostsNow(): ReadonlySet<string> | null {
    const { hosts, groups } = this.#kept.scope;
    if (hosts === null && groups === null) return null;
    const grouped = Array.from(this.#registry.records, ({ host }) => host).filter(
      ({ group }) => group !== null && groups?.includes(group),
    );
    return new Set([...(hosts ?? []), ...grouped.map(({ id }) => id)]);
  }
}
