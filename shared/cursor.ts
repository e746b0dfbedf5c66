/**
 * The cursor: an event's place in the hub's sequence, sent as the SSE `id`.
 * `<epoch>-<sequence>`; a trailing `~` marks an event inside a snapshot that has not ended yet.
 * Readers treat it as opaque and only hand it back.
 */

export interface Cursor {
  /** Random per start of the hub: sequences of two epochs never compare. */
  epoch: string;
  /** Grows by one per event on the bus, from 1. */
  sequence: number;
  /** True inside a snapshot: resuming here needs a fresh snapshot. */
  partial: boolean;
}

const pattern = /^([a-z0-9]{4,32})-(\d{1,15})(~?)$/;

export function formatCursor(epoch: string, sequence: number, partial = false): string {
  return `${epoch}-${sequence}${partial ? '~' : ''}`;
}

/** Null for anything that is not a cursor. */
export function parseCursor(text: string): Cursor | null {
  const match = pattern.exec(text);
  if (!match) return null;
  return { epoch: match[1]!, sequence: Number(match[2]), partial: match[3] === '~' };
}
