/**
 * Secrets that must be used again, such as the tokens of other hubs, cannot be kept as hashes. Where the system has a place for a
 * key, they are sealed by one (AES-256-GCM); elsewhere they stand as they are in files that only this user may read (0600).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { WatchlineError } from '../../shared/errors.ts';

export interface Keyring {
  /** What may be written to a file. */
  seal(secret: string): string;
  /** The secret. What was never sealed is given back as it is. Throws a `SealedSecretError`. */
  open(kept: string): string;
}

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A colon can stand in no token, so nothing else begins like this. */
const MARK = 'sealed:';

export class SealedSecretError extends WatchlineError {
  constructor(cause?: unknown) {
    super('secret-sealed', 'Its token is sealed by a keyring that cannot be opened here.', {
      remedy: 'Remove it and add it again, or start the desktop app that it was added with.',
      cause,
    });
  }
}

export function isSealed(kept: string): boolean {
  return kept.startsWith(MARK);
}

/** Keeps secrets as they are, and opens none that was sealed. */
export const noKeyring: Keyring = {
  seal: (secret) => secret,
  open(kept) {
    if (isSealed(kept)) throw new SealedSecretError();
    return kept;
  },
};

/** `key`: 32 random bytes that the system keeps. */
export function keyringOf(key: Buffer): Keyring {
  return {
    seal(secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return MARK + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(kept) {
      if (!isSealed(kept)) return kept;
      const bytes = Buffer.from(kept.slice(MARK.length), 'base64url');
      try {
        const nonce = bytes.subarray(0, NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const sealed = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SealedSecretError(cause);
      }
    },
  };
}
