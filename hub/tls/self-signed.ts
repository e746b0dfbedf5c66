/** Makes a self-signed certificate (RFC 5280) for a hub's own names, with an ECDSA key on P-256. */
import { createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { der, objectId, positiveInteger, sequence, tagged, tags, utcTime } from './der.ts';

const DAY_MS = 24 * 3_600_000;
export const VALID_DAYS = 365;

const objectIds = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

const signatureAlgorithm = sequence(objectId(objectIds.ecdsaWithSha256));

/**
 * In PEM. `names` are host names and IP addresses. Valid for a year, from an hour before `now`, because clocks differ.
 * It is no authority: who trusts it trusts this hub alone.
 */
export function makeSelfSigned(key: KeyObject, names: readonly string[], now = Date.now()): string {
  const subject = nameOf('Watchline hub');
  const toBeSigned = sequence(
    tagged(0, 'constructed', der(tags.integer, Buffer.from([2]))), // version 3
    positiveInteger(serialNumber()),
    signatureAlgorithm,
    subject,
    sequence(utcTime(new Date(now - 3_600_000)), utcTime(new Date(now + VALID_DAYS * DAY_MS))),
    subject,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(3, 'constructed', sequence(...extensionsFor(names))),
  );
  const certificate = sequence(toBeSigned, signatureAlgorithm, bitString(sign('sha256', toBeSigned, key)));
  return pem(certificate);
}

function extensionsFor(names: readonly string[]): Buffer[] {
  return [
    extension(objectIds.basicConstraints, true, sequence()),
    // One bit: digitalSignature. Seven of the byte's bits are unused.
    extension(objectIds.keyUsage, true, der(tags.bitString, Buffer.from([7, 0x80]))),
    extension(objectIds.extendedKeyUsage, false, sequence(objectId(objectIds.serverAuthentication))),
    extension(objectIds.subjectAlternativeName, false, sequence(...names.map(alternativeName))),
  ];
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [der(tags.boolean, Buffer.from([0xff]))] : [];
  return sequence(objectId(id), ...critical, der(tags.octetString, value));
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return tagged(2, 'primitive', Buffer.from(name, 'latin1'));
  return tagged(7, 'primitive', addressBytes(name));
}

/** 4 bytes of an IPv4 address, 16 of an IPv6 one. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every form of an IPv6 address in one: groups in hex, at most one "::".
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::', 2);
  const before = groupsOf(head!);
  const after = groupsOf(tail ?? '');
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}

function nameOf(commonName: string): Buffer {
  const attribute = sequence(objectId(objectIds.commonName), der(tags.utf8String, Buffer.from(commonName)));
  return sequence(der(tags.set, attribute));
}

/** Random, positive, and never zero in its first byte, which DER would not allow. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
}

/** All bits used. */
function bitString(bytes: Uint8Array): Buffer {
  return der(tags.bitString, Buffer.from([0]), bytes);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
