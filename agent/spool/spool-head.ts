/** What every segment of a spool begins with, so that older ones may go: losses not told yet, and its keeper's state. */

export interface SpoolHead {
  /** JSON of `SpoolLosses`; null: none. */
  losses: string | null;
  /** The keeper's whole; null: none. */
  state: string | null;
}

/** Null: there is nothing to remember. */
export function encodeHead(head: SpoolHead): Buffer | null {
  return head.losses === null && head.state === null ? null : Buffer.from(JSON.stringify(head));
}

/** Nothing where it cannot be read: a head is checked by its sum, so it is of another version. */
export function decodeHead(bytes: Buffer | null): SpoolHead {
  const nothing: SpoolHead = { losses: null, state: null };
  try {
    return bytes === null ? nothing : { ...nothing, ...(JSON.parse(bytes.toString('utf8')) as SpoolHead) };
  } catch {
    return nothing;
  }
}
