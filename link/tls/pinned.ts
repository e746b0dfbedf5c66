/** What a client of this machine trusts at a hub's address: its very certificate, whatever names that holds. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';

/** Stricter than a check of names: another certificate is refused even where an authority vouches for it. Throws where the file cannot be read. */
export function pinnedTo(
  certificateFile: string,
): Pick<ConnectionOptions, 'ca' | 'allowPartialTrustChain' | 'checkServerIdentity'> {
  const certificate = readFileSync(certificateFile, 'utf8');
  const { fingerprint256 } = new X509Certificate(certificate);
  return {
    ca: certificate,
    // It was issued by somebody who need not be known here.
    allowPartialTrustChain: true,
    checkServerIdentity: (_name: string, shown: PeerCertificate) =>
      shown.fingerprint256 === fingerprint256
        ? undefined
        : new Error(`The hub shows another certificate than ${certificateFile}`),
  };
}
