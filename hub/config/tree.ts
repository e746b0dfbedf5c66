/** Nested settings before they are validated, addressed by "hub.port". */

export interface Tree {
  [key: string]: unknown;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(tree: Tree, key: string): unknown {
  return key.split('.').reduce<unknown>((node, part) => (isTree(node) ? node[part] : undefined), tree);
}

/** Does nothing where a group on the way is not one: the schema will say so. */
export function setAt(tree: Tree, key: string, value: unknown): void {
  const parts = key.split('.');
  const last = parts.pop()!;
  const group = parts.length === 0 ? tree : valueAt(tree, parts.join('.'));
  if (isTree(group)) group[last] = value;
}

/** Lays `from` over `into`, group by group, and calls `visit` with the path of everything it set. */
export function copyTree(
  into: Tree,
  from: Tree,
  visit: (keys: string[]) => void,
  above: string[] = [],
): void {
  for (const [key, value] of Object.entries(from)) {
    const keys = [...above, key];
    visit(keys);
    const group = Object.hasOwn(into, key) ? into[key] : undefined;
    if (isTree(group) && isTree(value)) copyTree(group, value, visit, keys);
    // Defined, not assigned: a key called __proto__ is a key like any other, and unknown.
    else Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  }
}
