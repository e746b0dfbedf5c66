/**
 * Browser sessions: the owner's, and those of viewers of shares. Their secrets live in cookies, their hashes in `sessions.json`, so that a
 * restart logs nobody out.
 */
import path from 'node:path';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { hashOf, newSecret } from './secret.ts';
import { readSessionFile, type KeptSession } from './session-file.ts';

export const SESSION_SECONDS = 30 * 24 * 3600;
/** Kept sessions of the owner, of each share, and of all shares; one more pushes out the one that was seen longest ago. */
const MAX_OWNER_SESSIONS = 64;
const MAX_SESSIONS_OF_SHARE = 1024;
const MAX_VIEWER_SESSIONS = 4096;
/** Viewers come in crowds: what they change is written at most this often. The owner's is written at once. */
const SAVE_WITHIN_MS = 2_000;

export type Session = Readonly<KeptSession>;

export interface NewSession {
  /** Id of the share it was opened with; null: the owner's. */
  share: string | null;
  /** What a viewer calls himself. */
  name: string | null;
  /** The owner looks at what viewers see: it counts as none of them. */
  isPreview: boolean;
  address: string | null;
  browser: string | null;
}

export class Sessions implements Disposable {
  readonly #file: string;
  readonly #report: (trouble: Error) => void;
  /** By the hash of the secret. */
  readonly #byHash = new Map<string, KeptSession>();
  #saveSoon: NodeJS.Timeout | null = null;
  /** What was noted and is not worth a write of its own. */
  #isNoted = false;

  /** A file that is missing or damaged means that people log in again, nothing worse. */
  constructor(dataDir: string, report: (trouble: Error) => void) {
    this.#file = path.join(dataDir, 'sessions.json');
    this.#report = report;
    for (const session of readSessionFile(this.#file)) this.#byHash.set(session.hash, session);
  }

  /** Returns the secret for the cookie. Of an owner's session: throws what writing the file throws. */
  create(wanted: NewSession): { session: Session; secret: string } {
    const secret = newSecret();
    const hash = hashOf(secret);
    const now = Date.now();
    const session = {
      ...wanted,
      id: idOf(hash),
      hash,
      since: now,
      lastSeenAt: now,
      expires: now + SESSION_SECONDS * 1000,
    };
    this.#byHash.set(hash, session);
    this.#pushOut(wanted.share);
    if (wanted.share === null) this.#save();
    else this.#saveLater();
    return { session, secret };
  }

  /** The look-up is by hash, so its time tells nothing about the secret. */
  find(secret: string): Session | null {
    const session = this.#byHash.get(hashOf(secret));
    return session !== undefined && Date.now() < session.expires ? session : null;
  }

  /** Notes that it was used just now, from this address. */
  touch({ hash }: Session, address: string): void {
    const session = this.#byHash.get(hash);
    if (!session) return;
    Object.assign(session, { lastSeenAt: Date.now(), address });
    this.#isNoted = true;
  }

  /** What a viewer calls himself from now on. */
  rename(id: string, name: string | null): void {
    const session = this.#withId(id);
    if (!session || session.name === name) return;
    session.name = name;
    this.#saveLater();
  }

  /** All that have not expired. */
  get all(): Session[] {
    const now = Date.now();
    return [...this.#byHash.values()].filter(({ expires }) => expires > now);
  }

  byId(id: string): Session | null {
    return this.#withId(id) ?? null;
  }

  /** Its cookie opens nothing from this moment. Null: there is none. Throws what writing the file throws. */
  end(id: string): Session | null {
    const session = this.#withId(id);
    if (!session) return null;
    this.#byHash.delete(session.hash);
    this.#save();
    return session;
  }

  /** For a share that is forgotten. While it is known, those who had it are told what became of it: their sessions stay. */
  endOfShare(share: string): void {
    for (const session of [...this.#byHash.values()]) {
      if (session.share === share) this.#byHash.delete(session.hash);
    }
    this.#saveLater();
  }

  [Symbol.dispose](): void {
    if (this.#saveSoon !== null || this.#isNoted) this.#saveOrReport();
  }

  #withId(id: string): KeptSession | undefined {
    return [...this.#byHash.values()].find((session) => session.id === id);
  }

  /** A crowd with one link pushes out neither the owner nor, as far as there is room, viewers of other shares. */
  #pushOut(share: string | null): void {
    if (share === null) return this.#keepNewest(MAX_OWNER_SESSIONS, (session) => session.share === null);
    this.#keepNewest(MAX_SESSIONS_OF_SHARE, (session) => session.share === share);
    this.#keepNewest(MAX_VIEWER_SESSIONS, (session) => session.share !== null);
  }

  /** To be called with each new one: then one at most is too many. */
  #keepNewest(most: number, isOfThem: (session: KeptSession) => boolean): void {
    const alike = [...this.#byHash.values()].filter(isOfThem);
    if (alike.length <= most) return;
    const oldest = alike.reduce((a, b) => (b.lastSeenAt < a.lastSeenAt ? b : a));
    this.#byHash.delete(oldest.hash);
  }

  #saveLater(): void {
    this.#saveSoon ??= setTimeout(() => this.#saveOrReport(), SAVE_WITHIN_MS).unref();
  }

  #saveOrReport(): void {
    try {
      this.#save();
    } catch (error) {
      this.#report(error as Error);
    }
  }

  #save(): void {
    if (this.#saveSoon !== null) clearTimeout(this.#saveSoon);
    this.#saveSoon = null;
    this.#isNoted = false;
    writeFileAtomically(this.#file, JSON.stringify({ sessions: this.all }));
  }
}

/** Of 64 hex digits twelve: they name a session and open nothing. */
function idOf(hash: string): string {
  return hash.slice(0, 12);
}
