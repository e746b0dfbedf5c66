/** A certificate and its key, checked: what a TLS port needs, whoever made it. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { ConfigError } from '../config/config-error.ts';

/** A chain of certificates has some kilobytes. */
const MAX_FILE_BYTES = 256 * 1024;

export interface TlsPair {
  /** PEM: the hub's certificate, and behind it those it was issued by, where there are any. */
  certificate: string;
  key: KeyObject;
  /** The file that holds `certificate`: what a reader names to trust the hub. */
  certificateFile: string;
  /** SHA-256 of the certificate, as browsers show it: "A3:F2:91:...". */
  fingerprint: string;
  /** Host names of the certificate, wildcards left out: the hub answers to them. */
  dnsNames: readonly string[];
  /** Whether the hub made it itself: no system trusts it unasked. */
  isOwn: boolean;
  /** Whether the certificate is for this host name or address. */
  isFor: (name: string) => boolean;
}

/** Reads and checks both files. Throws a `ConfigError` that says which of them cannot be used, and why. */
export function readTlsPair(certificateFile: string, keyFile: string): TlsPair {
  const certificate = readText('certificate', certificateFile);
  const leaf = parseCertificate(certificate, certificateFile);
  const key = parseKey(readText('key', keyFile), keyFile);
  if (!leaf.checkPrivateKey(key)) {
    throw unusable(
      `The TLS key ${keyFile} does not belong to the certificate ${certificateFile}.`,
      'Name the key that the certificate was issued for; the certificate of the hub comes first in its file.',
    );
  }
  // Not `checkIssued`: it asks for the right to sign certificates, which one that a hub made does not have.
  return describePair(leaf, certificate, key, certificateFile, leaf.verify(leaf.publicKey));
}

export function describePair(
  leaf: X509Certificate,
  certificate: string,
  key: KeyObject,
  certificateFile: string,
  isOwn: boolean,
): TlsPair {
  return {
    certificate,
    key,
    certificateFile,
    fingerprint: leaf.fingerprint256,
    dnsNames: dnsNamesOf(leaf),
    isOwn,
    isFor: (name) => isCertificateFor(leaf, name),
  };
}

export function isCertificateFor(leaf: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined;
}

function dnsNamesOf(leaf: X509Certificate): string[] {
  const names = (leaf.subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
  return names.map((name) => name.slice('DNS:'.length)).filter((name) => /^[A-Za-z0-9._-]+$/.test(name));
}

function parseCertificate(text: string, file: string): X509Certificate {
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(text);
  } catch (cause) {
    throw unusable(`The TLS certificate ${file} is not a certificate.`, 'It must be one in PEM.', cause);
  }
  const now = Date.now();
  if (leaf.validToDate.getTime() <= now) {
    throw unusable(`The TLS certificate ${file} ended on ${dayOf(leaf.validToDate)}.`, 'Renew it.');
  }
  if (leaf.validFromDate.getTime() > now) {
    throw unusable(
      `The TLS certificate ${file} is not valid before ${dayOf(leaf.validFromDate)}.`,
      "Check this machine's clock, or use the certificate from that day on.",
    );
  }
  return leaf;
}

function parseKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const isEncrypted = text.includes('ENCRYPTED');
    throw unusable(
      `The TLS key ${file} is ${isEncrypted ? 'encrypted with a passphrase' : 'not a private key'}.`,
      isEncrypted ? 'Write it without one: openssl pkey -in KEY -out PLAIN.' : 'It must be one in PEM.',
      cause,
    );
  }
}

function readText(what: 'certificate' | 'key', file: string): string {
  let why: string;
  let cause: unknown;
  try {
    const stats = statSync(file);
    if (stats.isFile() && stats.size <= MAX_FILE_BYTES) return readFileSync(file, 'utf8');
    why = stats.isFile() ? `has ${stats.size} bytes, which no ${what} has` : 'is not a file';
  } catch (error) {
    cause = error;
    const { code } = error as NodeJS.ErrnoException;
    why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  }
  const remedy = `Name the PEM file with --tls-${what === 'key' ? 'key' : 'cert'}, and let this user read it.`;
  throw unusable(`The TLS ${what} ${file} ${why}.`, remedy, cause);
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function unusable(message: string, remedy: string, cause?: unknown): ConfigError {
  return new ConfigError(message, remedy, null, 'hub.tls', cause);
}
