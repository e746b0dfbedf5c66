/** A list that is made anew with each event, and mostly of the same items: whoever depends on it need not look again then. */

/** For computed lists: `before` is what the getter answered last. It is the answer again where both hold the same items in the same order. */
export function sameItems<Item>(before: readonly Item[] | undefined, next: readonly Item[]): readonly Item[] {
  const isSame = before?.length === next.length && next.every((item, index) => item === before[index]);
  return isSame ? before : next;
}
