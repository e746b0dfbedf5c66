/** What a client trusts at an address, and the check of it: after the handshake, before the first byte is written. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { WatchlineError } from '../../shared/errors.ts';
import { keyPin } from './key-pin.ts';
import { UntrustedError } from './untrusted-error.ts';

/**
 * - `system`: an authority this machine trusts vouches for the certificate and its name;
 * - `authority`: one of the given authorities does (PEM text);
 * - `pin`: it is this very key, whatever the certificate says of its name and its time.
 */
export type Trust =
  { kind: 'system' } | { kind: 'authority'; certificates: string } | { kind: 'pin'; pin: string };

/** An authority's file holds a few certificates. */
const MAX_AUTHORITY_BYTES = 1024 * 1024;

/** Throws a `WatchlineError` (`config`) where the file holds no certificate. */
export function readAuthority(file: string): Trust {
  let why: string;
  let cause: unknown;
  try {
    if (statSync(file).size > MAX_AUTHORITY_BYTES) why = 'is too large to hold certificates';
    else {
      const certificates = readFileSync(file, 'utf8');
      new X509Certificate(certificates);
      return { kind: 'authority', certificates };
    }
  } catch (error) {
    cause = error;
    const { code } = error as NodeJS.ErrnoException;
    why = code === 'ENOENT' ? 'does not exist' : `cannot be read as certificates (${code ?? 'not PEM'})`;
  }
  throw new WatchlineError('config', `The authority file ${file} ${why}.`, {
    remedy: 'Name a PEM file with the certificate of the authority, and let this user read it.',
    cause,
  });
}

/**
 * Null: the connected peer is trusted. To be asked of a new socket, before the first byte is written to it. `authorized` is
 * OpenSSL's verdict on the chain and node:tls's on the name.
 */
export function refusalOf(trust: Trust, socket: TLSSocket, origin: string): UntrustedError | null {
  const certificate = socket.getPeerX509Certificate();
  const shown = certificate === undefined ? 'no key' : keyPin(certificate);
  if (trust.kind === 'pin') return shown === trust.pin ? null : changedPin(origin, trust.pin, shown);
  if (socket.authorized && certificate !== undefined) return null;
  return untrusted(origin, whyUntrusted(String(socket.authorizationError), certificate), shown);
}

function changedPin(origin: string, expected: string, shown: string): UntrustedError {
  return new UntrustedError(
    'pin-changed',
    `${origin} shows another key (${shown}) than the pinned one (${expected}), so nothing was sent to it.`,
    `Somebody may stand in between. If the hub's owner confirms the new key, start it once with --pin ${shown}.`,
    shown,
  );
}

/** The shown pin tells whom one would trust by using it. */
function untrusted(origin: string, why: string, shown: string): UntrustedError {
  return new UntrustedError(
    'certificate-untrusted',
    `The certificate of ${origin} is not trusted (${why}), so nothing was sent to it.`,
    `Name its authority with --ca FILE, or the hub's key, where its owner confirms it, with --pin ${shown}.`,
    shown,
  );
}

/** A wrong clock shows in times that do not fit; so the times are told. `code`: OpenSSL's, or Node's for a wrong name. */
function whyUntrusted(code: string, certificate: X509Certificate | undefined): string {
  const today = day(new Date());
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `it ended on ${day(certificate!.validToDate)}, and this machine's clock says ${today}`;
    case 'CERT_NOT_YET_VALID':
      return `it begins on ${day(certificate!.validFromDate)}, and this machine's clock says ${today}`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `it is for ${certificate!.subjectAltName ?? 'no name'}`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'no authority that is known here vouches for it';
    default:
      return code;
  }
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}
