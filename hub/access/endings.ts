/**
 * Ends what is open with a credential that opens nothing any more: streams, held polls, tickets. Whoever takes a credential back calls
 * this, in the same turn; all of it is over within a second.
 */

/**
 * `revoked`, `expired`: for good, a page does not come back. `rotate`: to come back at once, as when the sight of the credential is another
 * one now.
 */
export type EndReason = 'revoked' | 'expired' | 'rotate';

export interface Ender {
  /** Ends whatever is open with a credential that fits. */
  endWhere(fits: (credential: string) => boolean, reason: EndReason): void;
}

export class Endings implements Ender {
  readonly #enders: Ender[] = [];

  add(ender: Ender): void {
    this.#enders.push(ender);
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    for (const ender of this.#enders) ender.endWhere(fits, reason);
  }
}
