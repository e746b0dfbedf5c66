/**
 * A pair issued by the hub's own authority, kept in its data folder: `network-cert.pem`, `network-key.pem` (0600). The key stays when
 * the certificate is made anew, so an agent that pinned it need not be asked again.
 */
import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { openKeptKey } from './kept-key.ts';
import { isGood, readCertificate } from './kept-pair.ts';
import { openOwnAuthority, type OwnAuthority, type OwnAuthorityOptions } from './own-authority.ts';
import { describePair, type TlsPair } from './tls-pair.ts';

export interface OwnPair {
  pair: TlsPair;
  authority: OwnAuthority;
  names: readonly string[];
  /** Those of `names` that the authority may not vouch for. */
  leftOut: readonly string[];
  expires: number;
}

/** Reads the kept pair, or makes what is missing, too old, of another authority, or without a name the machine has now. */
export function openOwnPair(options: OwnAuthorityOptions): OwnPair {
  const { dataDir, now = Date.now() } = options;
  const authority = openOwnAuthority(options);
  const certificateFile = path.join(dataDir, 'network-cert.pem');
  const key = openKeptKey(path.join(dataDir, 'network-key.pem'));
  const all = [...new Set(options.names)];
  const names = all.filter((name) => authority.permits(name));
  const leftOut = all.filter((name) => !authority.permits(name));

  const kept = readCertificate(certificateFile);
  if (kept !== null && authority.hasIssued(kept) && isGood(kept, key, names, now)) return described(kept);
  const issued = authority.issue(key, names, now);
  writeFileAtomically(certificateFile, issued);
  return described(new X509Certificate(issued));

  function described(leaf: X509Certificate): OwnPair {
    const pair = describePair(leaf, leaf.toString() + authority.certificate, key, certificateFile, true);
    return { pair, authority, names, leftOut, expires: leaf.validToDate.getTime() };
  }
}
