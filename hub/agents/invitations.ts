/**
 * Invitations: each lets one agent pair, once, within fifteen minutes. The code's first half finds the invitation, its second
 * half proves it: who guesses closes the invitation he has found, and no other. Kept in memory, the second half by hash alone.
 */
import { randomBytes } from 'node:crypto';
import { PAIRING_CODE_MS, PAIRING_TRIES } from '../../shared/schema/uplink.ts';
import type { Invitation } from '../../shared/schema/servers.ts';
import { hashesEqual, hashOf } from '../access/secret.ts';

/** Open at once; one more withdraws the oldest. With forty random bits in a code, guessing in this many is hopeless. */
export const MAX_OPEN_INVITATIONS = 8;
/** Of those that are over, for whoever asks what became of them. */
const MAX_OVER = 32;

/** 32 characters, five bits each: no 0, 1, I and O, which people mistake for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

interface KeptInvitation {
  invitation: Invitation;
  proofHash: string;
  group: string | null;
}

/** Why a code does not pass: there is none, its second half is wrong, or the invitation is over. */
export type CodeFault = 'unknown' | 'wrong' | 'expired' | 'used' | 'closed';

export class Invitations {
  /** By the code's first half; oldest first. */
  readonly #kept = new Map<string, KeptInvitation>();
  readonly #now: () => number;

  /** `now` in epoch milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The code is told here, once. `group`: what the host that pairs with it is put into. */
  create(group: string | null): { code: string; invitation: Invitation } {
    let id = randomCharacters(4);
    while (this.#kept.has(id)) id = randomCharacters(4);
    const proof = randomCharacters(4);
    const invitation: Invitation = {
      id,
      expires: this.#now() + PAIRING_CODE_MS,
      state: 'waiting',
      triesLeft: PAIRING_TRIES,
      host: null,
    };
    this.#kept.set(id, { invitation, proofHash: hashOf(proof), group });
    this.#tidy();
    return { code: `${id}-${proof}`, invitation: { ...invitation } };
  }

  /** Null: there is none of this id, or it is long over. */
  stateOf(id: string): Invitation | null {
    const kept = this.#find(id);
    return kept && { ...kept.invitation };
  }

  /** False where it is not open. */
  withdraw(id: string): boolean {
    const kept = this.#find(id);
    if (!kept || !isOpen(kept)) return false;
    kept.invitation.state = 'closed';
    return true;
  }

  /** Counts a wrong second half; the fifth closes the invitation. A right code may be used at once, with `complete`. */
  prove(code: string): { fault: CodeFault } | { fault: null; id: string; group: string | null } {
    const [id, proof] = code.split('-') as [string, string];
    const kept = this.#find(id);
    if (!kept) return { fault: 'unknown' };
    const { invitation } = kept;
    if (!isOpen(kept)) return { fault: faultOf(invitation) };
    invitation.state = 'reached';
    if (hashesEqual(hashOf(proof), kept.proofHash)) return { fault: null, id, group: kept.group };
    invitation.triesLeft--;
    if (invitation.triesLeft === 0) invitation.state = 'closed';
    return { fault: 'wrong' };
  }

  /** It is used up from now on. */
  complete(id: string, host: string): void {
    const kept = this.#kept.get(id);
    if (kept) Object.assign(kept.invitation, { state: 'paired', host });
  }

  #find(id: string): KeptInvitation | null {
    const kept = this.#kept.get(id) ?? null;
    if (kept && isOpen(kept) && this.#now() >= kept.invitation.expires) kept.invitation.state = 'expired';
    return kept;
  }

  #tidy(): void {
    for (const id of this.#kept.keys()) this.#find(id);
    const all = [...this.#kept.values()];
    for (const { invitation } of all.filter(isOpen).slice(0, -MAX_OPEN_INVITATIONS))
      invitation.state = 'closed';
    const over = all.filter((kept) => !isOpen(kept));
    for (const { invitation } of over.slice(0, -MAX_OVER)) this.#kept.delete(invitation.id);
  }
}

function isOpen({ invitation }: KeptInvitation): boolean {
  return invitation.state === 'waiting' || invitation.state === 'reached';
}

function faultOf({ state }: Invitation): CodeFault {
  if (state === 'paired') return 'used';
  return state === 'expired' ? 'expired' : 'closed';
}

/** Of a byte's 256 values, each character has eight: all are equally likely. */
function randomCharacters(count: number): string {
  return Array.from(randomBytes(count), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
