/** `sessions.json`: who is logged in, by the hash of the cookie's secret. */
import { readFileSync } from 'node:fs';

export interface KeptSession {
  /** The first twelve digits of the hash. */
  id: string;
  hash: string;
  /** Id of the share it was opened with; null: the owner's. */
  share: string | null;
  name: string | null;
  isPreview: boolean;
  /** All times in epoch milliseconds. */
  since: number;
  lastSeenAt: number;
  expires: number;
  address: string | null;
  browser: string | null;
}

/** What cannot be read is left out: whoever it was logs in again. */
export function readSessionFile(file: string): KeptSession[] {
  try {
    const { sessions } = JSON.parse(readFileSync(file, 'utf8')) as { sessions: unknown[] };
    return sessions.flatMap((entry) => sessionOf(entry) ?? []);
  } catch {
    return [];
  }
}

/** Entries of earlier versions have a hash and its expiry alone. */
function sessionOf(value: unknown): KeptSession | null {
  const entry = (value ?? {}) as Partial<Record<keyof KeptSession, unknown>>;
  const { hash, expires } = entry;
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash) || !isTime(expires)) return null;
  return {
    id: hash.slice(0, 12),
    hash,
    expires,
    share: textOf(entry.share),
    name: textOf(entry.name),
    isPreview: entry.isPreview === true,
    since: isTime(entry.since) ? entry.since : 0,
    lastSeenAt: isTime(entry.lastSeenAt) ? entry.lastSeenAt : 0,
    address: textOf(entry.address),
    browser: textOf(entry.browser),
  };
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
