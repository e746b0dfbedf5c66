/** Which processes make it into the table: the union of the largest by CPU, by memory and by I/O. */

/** Rows per criterion. */
export const TOP_ROWS = 20;

/**
 * The `count` largest, largest first, in one pass; those with a value of zero never count. Cheaper than
 * sorting hundreds of processes of which most do nothing.
 */
export function largest<Item>(items: Iterable<Item>, count: number, valueOf: (item: Item) => number): Item[] {
  const top: Item[] = [];
  const values: number[] = [];
  for (const item of items) {
    const value = valueOf(item);
    if (!(value > 0) || (top.length === count && value <= values[count - 1]!)) continue;
    let place = Math.min(top.length, count - 1);
    while (place > 0 && values[place - 1]! < value) {
      top[place] = top[place - 1]!;
      values[place] = values[place - 1]!;
      place--;
    }
    top[place] = item;
    values[place] = value;
  }
  return top;
}

export interface Ranking<Item> {
  cpu: (item: Item) => number;
  memory: (item: Item) => number;
  io: (item: Item) => number;
}

/** Each item once; the busiest first. */
export function topRows<Item>(items: Iterable<Item>, ranking: Ranking<Item>): Item[] {
  const rows = new Set<Item>();
  for (const valueOf of [ranking.cpu, ranking.io, ranking.memory]) {
    for (const item of largest(items, TOP_ROWS, valueOf)) rows.add(item);
  }
  return [...rows];
}
