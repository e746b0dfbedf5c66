/**
 * The self-signed pair of a hub that was given none, kept in its data folder: `tls-cert.pem`, `tls-key.pem` (0600).
 * A new certificate is made for the same key, so whoever trusts the key need not be asked again.
 */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import path from 'node:path';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { openKeptKey } from './kept-key.ts';
import { makeSelfSigned } from './self-signed.ts';
import { describePair, isCertificateFor, type TlsPair } from './tls-pair.ts';

/** A certificate is made anew this long before its end. */
const RENEW_BEFORE_MS = 30 * 24 * 3_600_000;

export interface KeptPairOptions {
  dataDir: string;
  /** Address the hub listens on. */
  listenHost: string;
  /** Further names it is called by. */
  allowedHosts: readonly string[];
  /** Epoch milliseconds. Default: now. */
  now?: number;
}

/** Reads the kept pair, or makes what is missing, too old, or without a name it must have. */
export function openKeptPair(options: KeptPairOptions): TlsPair {
  const certificateFile = path.join(options.dataDir, 'tls-cert.pem');
  const keyFile = path.join(options.dataDir, 'tls-key.pem');
  const key = openKeptKey(keyFile);
  const names = namesOf(options);
  const now = options.now ?? Date.now();
  const kept = readCertificate(certificateFile);
  if (kept !== null && isGood(kept, key, names.required, now)) {
    return describePair(kept, kept.toString(), key, certificateFile, true);
  }
  const certificate = makeSelfSigned(key, [...new Set([...names.required, ...names.further])], now);
  writeFileAtomically(certificateFile, certificate);
  return describePair(new X509Certificate(certificate), certificate, key, certificateFile, true);
}

/** Addresses of network interfaces come and go: they get into a new certificate, but none is made for their sake. */
function namesOf({ listenHost, allowedHosts }: KeptPairOptions): { required: string[]; further: string[] } {
  const isEveryAddress = listenHost === '0.0.0.0' || listenHost === '::';
  const required = [hostname(), 'localhost', '127.0.0.1', '::1', ...allowedHosts];
  if (!isEveryAddress) required.push(listenHost);
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all!.map(({ address }) => address));
  return { required: required.filter(isName), further: isEveryAddress ? addresses.filter(isName) : [] };
}

/** A zone ("fe80::1%eth0") or anything else a certificate cannot hold is left out. */
export function isName(name: string): boolean {
  return !name.includes('%') && (isIP(name) !== 0 || /^[A-Za-z0-9.-]{1,253}$/.test(name));
}

/** Whether a kept certificate can go on being used. */
export function isGood(
  kept: X509Certificate,
  key: KeyObject,
  names: readonly string[],
  now: number,
): boolean {
  return (
    kept.checkPrivateKey(key) &&
    kept.validFromDate.getTime() <= now &&
    kept.validToDate.getTime() - now > RENEW_BEFORE_MS &&
    names.every((name) => isCertificateFor(kept, name))
  );
}

export function readCertificate(file: string): X509Certificate | null {
  try {
    return new X509Certificate(readFileSync(file));
  } catch {
    return null;
  }
}
