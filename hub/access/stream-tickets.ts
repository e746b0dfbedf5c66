/**
 * Stream tickets: each opens one stream, once, within a minute, as the caller that asked for it. They are for what can be given an address
 * and no header; in memory as hashes only.
 */
import { TICKET_MS } from '../../shared/schema/access.ts';
import type { Reader } from './caller.ts';
import type { Ender } from './endings.ts';
import { hashOf, newSecret } from './secret.ts';

/** Outstanding tickets of one credential, and in all; one more pushes the oldest out, of all the oldest that is not the owner's. */
const MAX_PER_CREDENTIAL = 32;
const MAX_TICKETS = 4096;

interface OpenTicket {
  caller: Reader;
  expiresAt: number;
}

export class StreamTickets implements Ender {
  /** By hash; oldest first. */
  readonly #open = new Map<string, OpenTicket>();

  issue(caller: Reader): { ticket: string; expiresAt: number } {
    const ticket = newSecret();
    const expiresAt = Math.min(Date.now() + TICKET_MS, caller.sight.endsAt ?? Infinity);
    this.#makeRoom(caller.credential);
    this.#open.set(hashOf(ticket), { caller, expiresAt });
    return { ticket, expiresAt };
  }

  /** Who asked for it; null: it was used, is too old, or never was. The look-up is by hash, so its time tells nothing. */
  redeem(ticket: string): Reader | null {
    const hash = hashOf(ticket);
    const open = this.#open.get(hash);
    this.#open.delete(hash);
    return open !== undefined && Date.now() < open.expiresAt ? open.caller : null;
  }

  /** A ticket is no way around the end of what it was made with. */
  endWhere(fits: (credential: string) => boolean): void {
    for (const [hash, { caller }] of this.#open) {
      if (fits(caller.credential)) this.#open.delete(hash);
    }
  }

  #makeRoom(credential: string): void {
    const now = Date.now();
    for (const [hash, { expiresAt }] of this.#open) {
      if (expiresAt <= now) this.#open.delete(hash);
    }
    const own = [...this.#open].filter(([, { caller }]) => caller.credential === credential);
    if (own.length >= MAX_PER_CREDENTIAL) this.#open.delete(own[0]![0]);
    if (this.#open.size < MAX_TICKETS) return;
    const oldest = [...this.#open].find(([, { caller }]) => caller.role !== 'owner');
    this.#open.delete(oldest?.[0] ?? this.#open.keys().next().value!);
  }
}
