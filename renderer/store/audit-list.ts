/** What the page knows of the hub's audit log: what the stream told, and what was read of older times. */
import { shallowRef, type ShallowRef } from 'vue';
import type { AuditEntry } from '../../shared/schema/audit.ts';
import { publishNow, type Publish } from './publisher.ts';

/** The newest are kept. */
const MAX_ENTRIES = 2_000;

export class AuditList {
  /** Oldest first. */
  readonly entries: ShallowRef<readonly AuditEntry[]> = shallowRef([]);
  readonly #publish: Publish;
  #byId = new Map<number, AuditEntry>();

  constructor(publish: Publish = publishNow) {
    this.#publish = publish;
  }

  /** An entry is told again where it came to stand for more than one: the newest word counts. */
  take(entries: readonly AuditEntry[]): void {
    for (const entry of entries) {
      if (entry.count >= (this.#byId.get(entry.id)?.count ?? 0)) this.#byId.set(entry.id, entry);
    }
    const sorted = [...this.#byId.values()].sort((a, b) => a.id - b.id).slice(-MAX_ENTRIES);
    if (sorted.length < this.#byId.size) this.#byId = new Map(sorted.map((entry) => [entry.id, entry]));
    this.#publish(this.entries, sorted);
  }
}
