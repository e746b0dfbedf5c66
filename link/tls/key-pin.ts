/** A pin: the hash of a server's public key. It outlives a certificate that is renewed for the same key. */
import { createHash, type X509Certificate } from 'node:crypto';

/** `sha256/` and the base64url of 32 bytes. */
const PIN = /^sha256\/[A-Za-z0-9_-]{43}$/;

/** `sha256/<base64url of the SHA-256 over the SPKI in DER>` (RFC 7469, 2.4, with the URL's alphabet). */
export function keyPin(certificate: Pick<X509Certificate, 'publicKey'>): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(spki).digest('base64url')}`;
}

export function isKeyPin(text: string): boolean {
  return PIN.test(text);
}
