/** Secrets: 256 random bits, kept as SHA-256, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 43 characters that need no escaping in a header, a cookie or a URL fragment. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** In hex. A secret has 256 random bits, so a plain digest cannot be searched backwards. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Both digests have the same length whatever the secrets were: comparing tells nothing by its time. */
export function hashesEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
