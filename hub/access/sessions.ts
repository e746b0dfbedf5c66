/** Browser sessions: their secrets live in cookies, their hashes in `sessions.json`, so that a restart logs nobody out. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { hashOf, newSecret } from './secret.ts';

export const SESSION_SECONDS = 30 * 24 * 3600;
/** Kept sessions; one more pushes the oldest out. */
const MAX_SESSIONS = 64;

export class Sessions {
  readonly #file: string;
  /** Hash to expiry, in epoch milliseconds; oldest first. */
  readonly #expiries: Map<string, number>;

  /** A file that is missing or damaged means that people log in again, nothing worse. */
  constructor(dataDir: string) {
    this.#file = path.join(dataDir, 'sessions.json');
    this.#expiries = readSessions(this.#file);
  }

  /** Returns the secret for the cookie. Throws what writing the file throws. */
  create(): string {
    const secret = newSecret();
    this.#expiries.set(hashOf(secret), Date.now() + SESSION_SECONDS * 1000);
    if (this.#expiries.size > MAX_SESSIONS) this.#expiries.delete(this.#expiries.keys().next().value!);
    this.#save();
    return secret;
  }

  /** The session's hash, or null. The look-up is by hash, so its time tells nothing about the secret. */
  find(secret: string): string | null {
    const hash = hashOf(secret);
    const expiry = this.#expiries.get(hash);
    return expiry !== undefined && Date.now() < expiry ? hash : null;
  }

  #save(): void {
    const now = Date.now();
    const sessions = [...this.#expiries]
      .filter(([, expires]) => expires > now)
      .map(([hash, expires]) => ({ hash, expires }));
    writeFileAtomically(this.#file, JSON.stringify({ sessions }));
  }
}

interface KeptSession {
  hash: string;
  expires: number;
}

function readSessions(file: string): Map<string, number> {
  try {
    const { sessions } = JSON.parse(readFileSync(file, 'utf8')) as { sessions: unknown[] };
    const kept = sessions.filter(isKeptSession).slice(-MAX_SESSIONS);
    return new Map(kept.map(({ hash, expires }) => [hash, expires]));
  } catch {
    return new Map();
  }
}

function isKeptSession(value: unknown): value is KeptSession {
  const { hash, expires } = value as Partial<KeptSession>;
  return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) && Number.isSafeInteger(expires);
}
