/** A host id that nobody has yet: the one that is wanted, or that with a number. */

/** Longest id there may be; see `hostId`. */
const MAX_ID_LENGTH = 64;

/** `web-1`, else `web-1-2`, `web-1-3` ... */
export function numberedId(wanted: string, isTaken: (id: string) => boolean): string {
  let id = wanted;
  for (let number = 2; isTaken(id); number++) {
    const suffix = `-${number}`;
    id = wanted.slice(0, MAX_ID_LENGTH - suffix.length) + suffix;
  }
  return id;
}
