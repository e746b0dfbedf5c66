/** Caps on open streams: in all, per token or session, per address. A slot is free once its stream ends. */
import type { Reader } from '../access/caller.ts';
import { ProblemError } from '../http/problem.ts';

export interface StreamCaps {
  maxStreams: number;
  maxStreamsPerToken: number;
  maxStreamsPerAddress: number;
}

/** A refused reader is told to come back after this time. */
const RETRY_AFTER_SECONDS = 5;
/** So many of all streams, and a tenth at most, are the owner's alone: who was given a link must not lock its giver out. */
const OWNERS_STREAMS = 64;

export class StreamLimits {
  readonly #caps: StreamCaps;
  readonly #byCredential = new Map<string, number>();
  readonly #byAddress = new Map<string, number>();
  readonly #byBoth = new Map<string, number>();
  #open = 0;

  constructor(caps: StreamCaps) {
    this.#caps = caps;
  }

  /** Throws a 429 `ProblemError` where one stream more would pass a cap. */
  check({ role, credential }: Reader, address: string): void {
    const caps = this.#caps;
    const ownersAlone = role === 'owner' ? 0 : Math.min(OWNERS_STREAMS, Math.floor(caps.maxStreams / 10));
    const inAll = caps.maxStreams - ownersAlone;
    if (this.#open >= inAll) throw tooMany(`This hub has ${inAll} streams open`);
    if ((this.#byCredential.get(credential) ?? 0) >= caps.maxStreamsPerToken) {
      throw tooMany(`This token has ${caps.maxStreamsPerToken} streams open`);
    }
    if ((this.#byAddress.get(address) ?? 0) >= caps.maxStreamsPerAddress) {
      throw tooMany(`This address has ${caps.maxStreamsPerAddress} streams open`);
    }
  }

  /** Whether a stream or poll is open with this credential, from this address; null: from any. */
  isOpen(credential: string, address: string | null): boolean {
    if (address === null) return this.#byCredential.has(credential);
    return this.#byBoth.has(`${credential} ${address}`);
  }

  take(credential: string, address: string): void {
    this.#open++;
    change(this.#byCredential, credential, 1);
    change(this.#byAddress, address, 1);
    change(this.#byBoth, `${credential} ${address}`, 1);
  }

  free(credential: string, address: string): void {
    this.#open--;
    change(this.#byCredential, credential, -1);
    change(this.#byAddress, address, -1);
    change(this.#byBoth, `${credential} ${address}`, -1);
  }
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function tooMany(what: string): ProblemError {
  return new ProblemError(429, 'too-many-streams', `${what}, which is its limit.`, {
    remedy: 'Close a stream, or try again later.',
    isRetryable: true,
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
}
