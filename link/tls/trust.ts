/** What a client trusts at an address, and the check of it: after the handshake, before the first byte is written. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
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
 * For `tls.connect`. With a pin OpenSSL's own verdict is not asked for, because the hub's certificate is its own
 * authority: `refusalOf` then is the check, so whoever uses these options must ask it before anything is written.
 */
export function connectOptionsFor(trust: Trust, hostName: string): ConnectionOptions {
  return {
    // An address is no server name (RFC 6066, 3).
    ...(isIP(hostName) === 0 && { servername: hostName }),
    minVersion: 'TLSv1.2',
    ...(trust.kind === 'authority' && { ca: trust.certificates }),
    rejectUnauthorized: trust.kind !== 'pin',
  };
}

/** Null: the connected peer is trusted. */
export function refusalOf(trust: Trust, socket: TLSSocket, origin: string): UntrustedError | null {
  const certificate = socket.getPeerX509Certificate();
  const shown = certificate === undefined ? 'no key' : keyPin(certificate);
  if (trust.kind === 'pin') return shown === trust.pin ? null : changedPin(origin, trust.pin, shown);
  if (socket.authorized) return null;
  return untrusted(origin, String(socket.authorizationError), shown);
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
export function untrusted(origin: string, why: string, shown: string): UntrustedError {
  return new UntrustedError(
    'certificate-untrusted',
    `The certificate of ${origin} is not trusted (${why}), so nothing was sent to it.`,
    `Name its authority with --ca FILE, or the hub's key, where its owner confirms it, with --pin ${shown}.`,
    shown,
  );
}
