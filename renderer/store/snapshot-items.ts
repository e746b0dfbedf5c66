/** What a hub holds by an id: a snapshot tells all of it anew, events change it since. Shown when a snapshot is complete, and with each event. */

export class SnapshotItems<Item> {
  readonly #show: (items: ReadonlyMap<string, Item>) => void;
  #items = new Map<string, Item>();
  #isInSnapshot = false;

  /** `show` is given the items in the order in which they came. */
  constructor(show: (items: ReadonlyMap<string, Item>) => void) {
    this.#show = show;
  }

  /** Everything follows anew: what the snapshot does not name is gone. */
  beginSnapshot(): void {
    this.#items = new Map();
    this.#isInSnapshot = true;
  }

  endSnapshot(): void {
    this.#isInSnapshot = false;
    this.#show(this.#items);
  }

  change(edit: (items: Map<string, Item>) => void): void {
    edit(this.#items);
    if (!this.#isInSnapshot) this.#show(this.#items);
  }
}

/** Oldest first. */
export function byTime<Item extends { time: number }>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].sort((a, b) => a.time - b.time);
}

/** The one that came first goes where there are too many. */
export function keepAtMost(items: Map<string, unknown>, count: number): void {
  for (const id of items.keys()) {
    if (items.size <= count) return;
    items.delete(id);
  }
}
