/**
 * What this page saw happen to hosts, gaps and log sources. The hub tells how things are when the page opens, and of each
 * change from then on: what ended before is not here.
 */
import { shallowRef, type ShallowRef } from 'vue';
import type { Host, HostStatus } from '../../shared/schema/host.ts';
import type { LogSource, SourceState } from '../../shared/schema/logs.ts';
import type { Gap } from '../../shared/schema/stream.ts';
import { publishNow, type Publish } from './publisher.ts';

interface Happening {
  /** Equal for the same event told twice. */
  key: string;
  /** Epoch milliseconds. */
  time: number;
}

export type TimelineEntry =
  | (Happening & { kind: 'status'; host: string; status: HostStatus })
  | (Happening & { kind: 'gone'; host: string; name: string })
  | (Happening & { kind: 'gap'; gap: Gap })
  | (Happening & { kind: 'source'; source: LogSource });

const maxEntries = 1_000;
/** A source that waits for its file, or changed over to the next one, is as it should be. */
const troubled: ReadonlySet<SourceState> = new Set(['denied', 'failed', 'lagging']);

export class Timeline {
  /** In the order they were told. */
  readonly entries: ShallowRef<readonly TimelineEntry[]> = shallowRef([]);
  readonly #publish: Publish;
  #entries: readonly TimelineEntry[] = [];
  readonly #keys = new Set<string>();
  readonly #troubledSources = new Set<string>();

  constructor(publish: Publish = publishNow) {
    this.#publish = publish;
  }

  host({ id, status, statusSince }: Host): void {
    this.#add({
      kind: 'status',
      key: `status ${id} ${status} ${statusSince}`,
      time: statusSince,
      host: id,
      status,
    });
  }

  /** A host was removed from the hub. */
  gone(host: string, name: string, time: number): void {
    this.#add({ kind: 'gone', key: `gone ${host} ${time}`, time, host, name });
  }

  gap(gap: Gap): void {
    const { host, channel, reason, from, to } = gap;
    this.#add({ kind: 'gap', key: `gap ${host} ${channel} ${reason} ${from} ${to}`, time: to, gap });
  }

  /** Trouble, and its end. */
  source(source: LogSource): void {
    const name = `${source.host} ${source.id}`;
    const isTroubled = troubled.has(source.state);
    if (isTroubled) this.#troubledSources.add(name);
    else if (source.state !== 'following' || !this.#troubledSources.delete(name)) return;
    this.#add({
      kind: 'source',
      key: `source ${name} ${source.state} ${source.since}`,
      time: source.since,
      source,
    });
  }

  #add(entry: TimelineEntry): void {
    if (this.#keys.has(entry.key)) return;
    this.#keys.add(entry.key);
    this.#entries = [...this.#entries, entry];
    if (this.#entries.length > maxEntries) {
      this.#keys.delete(this.#entries[0]!.key);
      this.#entries = this.#entries.slice(1);
    }
    this.#publish(this.entries, this.#entries);
  }
}
