/** Makes a self-signed certificate for a hub's own names, with an ECDSA key on P-256. */
import type { KeyObject } from 'node:crypto';
import { makeCertificate, serverExtensions } from './certificate.ts';

const DAY_MS = 24 * 3_600_000;
export const VALID_DAYS = 365;

/** Clocks differ: a certificate begins this long before it is made. */
export const CLOCK_SLACK_MS = 3_600_000;

/**
 * In PEM. `names` are host names and IP addresses. Valid for a year. It is no authority: who trusts it trusts this
 * hub alone.
 */
export function makeSelfSigned(key: KeyObject, names: readonly string[], now = Date.now()): string {
  return makeCertificate({
    subject: 'Watchline hub',
    issuer: 'Watchline hub',
    key,
    signingKey: key,
    from: now - CLOCK_SLACK_MS,
    until: now + VALID_DAYS * DAY_MS,
    extensions: serverExtensions(names),
  });
}
