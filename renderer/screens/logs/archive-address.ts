/**
 * The archive in the page's address: `?past=7d` searches it, over the page's own span where one is chosen; `?around=` shows the lines
 * around one, which is the permalink of that line.
 */
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { lineId } from '../../../shared/schema/log-search.ts';
import { hostId } from '../../../shared/schema/host-id.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';

const hourMs = 3_600_000;

/** How far back a search goes; `all`: as far as lines are kept. */
export const pasts = [
  { key: '1h', ms: hourMs },
  { key: '24h', ms: 24 * hourMs },
  { key: '7d', ms: 7 * 24 * hourMs },
  { key: 'all', ms: null },
] as const;
export type PastKey = (typeof pasts)[number]['key'];

/** Null: the archive is not searched. */
export function pastOf(query: LocationQuery): PastKey | null {
  if (typeof query['past'] !== 'string') return null;
  return pasts.find(({ key }) => key === query['past'])?.key ?? '7d';
}

/** A line by its id, or by its host and time where it has none. */
export type Around = { id: string } | { host: string; time: number };

/** Null: no line is named, or nothing that could be one. */
export function aroundOf(query: LocationQuery): Around | null {
  const text = query['around'];
  if (typeof text !== 'string') return null;
  if (lineId.safeParse(text).success) return { id: text };
  const at = text.lastIndexOf('@');
  const host = hostId.safeParse(text.slice(0, at));
  const time = text.slice(at + 1);
  return at > 0 && host.success && /^\d{1,15}$/.test(time) ? { host: host.data, time: Number(time) } : null;
}

/** The query of a line's permalink. */
export function aroundQuery(line: LogLine, id: string | null): LocationQueryRaw {
  return { around: id ?? `${line.host}@${line.time}` };
}
