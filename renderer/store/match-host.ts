/** Finding hosts by what people remember of them. */
import type { Host } from '../../shared/schema/host.ts';

/** True where every word of the query occurs in its name, id, group, tags, system, addresses or `more`. '' finds all. */
export function matchesHost({ id, name, group, tags, inventory }: Host, query: string, more = ''): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const addresses = inventory.interfaces.flatMap((each) => each.addresses);
  const text = [name, id, group ?? '', ...tags, inventory.os, ...addresses, more].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** web-2 before web-10. */
export function byName(a: Host, b: Host): number {
  return collator.compare(a.name, b.name) || collator.compare(a.id, b.id);
}
