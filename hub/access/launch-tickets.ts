/** Launch tickets: each opens one session, once, within five minutes. Kept in memory as hashes only. */
import { hashOf, newSecret } from './secret.ts';

const TICKET_MS = 5 * 60_000;
/** Outstanding tickets; one more pushes the oldest out. */
const MAX_TICKETS = 64;

export class LaunchTickets {
  /** Hash to expiry, in epoch milliseconds. */
  readonly #open = new Map<string, number>();

  issue(): string {
    const ticket = newSecret();
    this.#open.set(hashOf(ticket), Date.now() + TICKET_MS);
    if (this.#open.size > MAX_TICKETS) this.#open.delete(this.#open.keys().next().value!);
    return ticket;
  }

  /** True once per ticket. The look-up is by hash, so its time tells nothing about the secret. */
  redeem(ticket: string): boolean {
    const hash = hashOf(ticket);
    const expiry = this.#open.get(hash);
    this.#open.delete(hash);
    return expiry !== undefined && Date.now() < expiry;
  }
}
