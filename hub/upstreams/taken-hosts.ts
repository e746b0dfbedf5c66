/** The hosts of one upstream as they are known here: under which ids, and what they are called. */
import type { Host, Uplink } from '../../shared/schema/host.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { KeptLabelFile } from '../hosts/kept-label-file.ts';
import { numberedId } from '../hosts/numbered-id.ts';
import type { ReadingFile } from './reading-file.ts';

const MAX_NAME_LENGTH = 255;
/** Hubs between a host and this one. A chain that long is a mistake. */
const MAX_VIA = 8;

export interface TakenHostsOptions {
  registry: HostRegistry;
  labels: Pick<KeptLabelFile, 'of'>;
  reading: ReadingFile;
  /** Of the other hub, for names that are taken here: "web-2:7443". */
  place: string;
  group: string | null;
  ownEpoch: string;
  /** Whether an id is spoken for here, by whomever, though no host of it may be known yet. */
  isClaimed: (id: string) => boolean;
}

export type Way = Pick<Uplink, 'lagMs' | 'skewMs'>;

export class TakenHosts {
  readonly #options: TakenHostsOptions;
  /** By their ids there, as last told. */
  readonly #told = new Map<string, Host>();
  /** Hosts of the other hub that came from this one, or from too far, as of its last word. */
  readonly #refused = new Set<string>();

  constructor(options: TakenHostsOptions) {
    this.#options = options;
    const { registry, reading } = options;
    for (const [remote, described] of reading.hosts) {
      if (registry.recordOf(described.id) !== null) reading.drop(remote);
      else {
        registry.describe(described, 'upstream');
        registry.follow(described.id, 'offline');
      }
    }
  }

  /** Ids on this hub. */
  get ids(): string[] {
    return [...this.#options.reading.hosts.values()].map(({ id }) => id);
  }

  /** Null: nothing of this host is taken over. */
  idOf(remote: string): string | null {
    return this.#refused.has(remote) ? null : this.#options.reading.idOf(remote);
  }

  /** Whether the other hub holds it for alive, by its last word. */
  isAlive(remote: string): boolean {
    return ['live', 'backfilling', 'stale'].includes(this.#told.get(remote)?.status ?? 'live');
  }

  /** `epoch`: of the hub that says so. A host that came from here is let go of, or two hubs that read each other would never end. */
  take(host: Host, epoch: string): void {
    const { registry, labels, reading, ownEpoch, group } = this.#options;
    const via = [...(host.via ?? []), epoch];
    if (via.includes(ownEpoch) || via.length > MAX_VIA) {
      this.drop(host.id);
      this.#refused.add(host.id);
      return;
    }
    this.#refused.delete(host.id);
    const id = reading.idOf(host.id) ?? this.#freeId(host.id);
    const { agentVersion, intervalMs, inventory } = host;
    const described = { id, name: this.#nameOf(host, id), agentVersion, intervalMs, inventory };
    registry.describe({ ...described, via }, 'upstream');
    if (registry.recordOf(id) === null) return;
    reading.keep(host.id, described);
    if (labels.of(id) === null)
      registry.relabel(id, { name: null, group: host.group ?? group, tags: host.tags });
    this.#told.set(host.id, host);
    registry.follow(id, host.status);
  }

  /** How the way to it is, as this hub knows it, and what the other hub says of the part beyond. */
  setUplink(remote: string, { lagMs, skewMs }: Way): void {
    const id = this.idOf(remote);
    if (id === null) return;
    const beyond = this.#told.get(remote)?.uplink ?? null;
    this.#options.registry.setUplink(id, {
      lagMs,
      skewMs: skewMs ?? beyond?.skewMs ?? null,
      backfillPercent: beyond?.backfillPercent ?? null,
      trouble: beyond?.trouble ?? null,
    });
  }

  /** The way is there again, and nothing was missed: all is as last told. */
  resume(way: Way): void {
    for (const [remote, { status }] of this.#told) {
      const id = this.idOf(remote);
      if (id === null) continue;
      this.#options.registry.follow(id, status);
      this.setUplink(remote, way);
    }
  }

  /** The other hub has let go of it. */
  drop(remote: string): void {
    const { registry, reading } = this.#options;
    const id = reading.idOf(remote);
    this.#told.delete(remote);
    if (id === null) return;
    reading.drop(remote);
    registry.forget(id);
  }

  /** Of those the other hub knows at all; the others are gone there. */
  keepOnly(remotes: ReadonlySet<string>): void {
    for (const remote of [...this.#options.reading.hosts.keys()]) if (!remotes.has(remote)) this.drop(remote);
  }

  /** Nobody tells how they are any more: by the clock they grow stale and go offline. */
  lose(trouble: string | null): void {
    const { registry } = this.#options;
    for (const id of this.ids) {
      registry.follow(id, 'live');
      const uplink = registry.recordOf(id)?.uplink ?? null;
      if (trouble === null && uplink === null) continue;
      registry.setUplink(id, { lagMs: null, skewMs: uplink?.skewMs ?? null, backfillPercent: null, trouble });
    }
  }

  /** The upstream was removed. */
  forgetAll(): void {
    this.keepOnly(new Set());
  }

  #freeId(wanted: string): string {
    const { registry, isClaimed } = this.#options;
    return numberedId(wanted, (id) => registry.recordOf(id) !== null || isClaimed(id));
  }

  #nameOf({ id: remote, name }: Host, id: string): string {
    return id === remote ? name : `${name} (${this.#options.place})`.slice(0, MAX_NAME_LENGTH);
  }
}
