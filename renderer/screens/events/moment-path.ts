/** Where a row leads: its host, at its moment where that can be shown, else live. */

/** What can be shown of one host, in epoch milliseconds of the hub: what the page holds, and what the hub keeps. */
export interface ShownSpan {
  /** Null: nothing yet. */
  oldest: number | null;
  now: number;
}

/** Shown around the moment; it stands in the middle where there is time after it. */
const SPAN_MS = 120_000;

/** A string, so that a row is rendered anew only when it leads elsewhere. */
export function momentPath(hostId: string, time: number, { oldest, now }: ShownSpan): string {
  const host = `/host/${hostId}`;
  if (oldest === null || time < oldest || time > now) return host;
  const to = Math.round(Math.min(now, time + SPAN_MS / 2));
  return `${host}?from=${to - SPAN_MS}&to=${to}`;
}
