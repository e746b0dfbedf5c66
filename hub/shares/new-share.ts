/** A share that nobody has opened yet, as it is kept, and the secret that is not. */
import { randomBytes } from 'node:crypto';
import type { KeptShare } from '../../shared/schema/kept-shares.ts';
import type { NewShare } from '../../shared/schema/shares.ts';
import { hashOf, newSecret } from '../access/secret.ts';

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz123456789';

export function newShare({ expiresInSeconds, ...wanted }: NewShare): { kept: KeptShare; secret: string } {
  const secret = newSecret();
  const createdAt = Date.now();
  const kept: KeptShare = {
    ...wanted,
    id: newShareId(),
    secretHash: hashOf(secret),
    salt: randomBytes(16).toString('hex'),
    createdAt,
    expiresAt: expiresInSeconds === null ? null : createdAt + expiresInSeconds * 1000,
    isPaused: false,
    revokedAt: null,
    firstSeenAt: null,
    lastSeenAt: null,
  };
  return { kept, secret };
}

/** 60 random bits; an id is no secret. */
function newShareId(): string {
  return Array.from(randomBytes(12), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
