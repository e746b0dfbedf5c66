/** Writes X.509 certificates (RFC 5280) signed by an ECDSA key on P-256, and the extensions that this hub's are made of. */
import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { addressBytes, maskBytes } from './address-bytes.ts';
import { der, objectId, positiveInteger, sequence, tagged, tags, validityTime } from './der.ts';

const objectIds = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

const signatureAlgorithm = sequence(objectId(objectIds.ecdsaWithSha256));

export interface CertificateParts {
  /** Common names. */
  subject: string;
  issuer: string;
  /** Of whom the certificate speaks. */
  key: KeyObject;
  /** The issuer's. */
  signingKey: KeyObject;
  /** Epoch milliseconds, to the second. */
  from: number;
  until: number;
  extensions: readonly Buffer[];
}

/** In PEM. */
export function makeCertificate(parts: CertificateParts): string {
  const toBeSigned = sequence(
    tagged(0, 'constructed', der(tags.integer, Buffer.from([2]))), // version 3
    positiveInteger(serialNumber()),
    signatureAlgorithm,
    nameOf(parts.issuer),
    sequence(validityTime(new Date(parts.from)), validityTime(new Date(parts.until))),
    nameOf(parts.subject),
    publicKeyOf(parts.key),
    tagged(3, 'constructed', sequence(...parts.extensions)),
  );
  const signature = sign('sha256', toBeSigned, parts.signingKey);
  return pem(sequence(toBeSigned, signatureAlgorithm, bitString(signature)));
}

/** Of a server: host names and IP addresses it is for. */
export function serverExtensions(names: readonly string[]): Buffer[] {
  return [
    extension(objectIds.basicConstraints, true, sequence()),
    // One bit: digitalSignature. Seven of the byte's bits are unused.
    extension(objectIds.keyUsage, true, der(tags.bitString, Buffer.from([7, 0x80]))),
    extension(objectIds.extendedKeyUsage, false, sequence(objectId(objectIds.serverAuthentication))),
    extension(objectIds.subjectAlternativeName, false, sequence(...names.map(alternativeName))),
  ];
}

/**
 * Of an authority that vouches for servers only, never for another authority, and for these names alone: domains with all below them,
 * and ranges of addresses ("10.0.0.0/8").
 */
export function authorityExtensions(domains: readonly string[], ranges: readonly string[]): Buffer[] {
  const permitted = [...domains.map(alternativeName), ...ranges.map(rangeName)];
  return [
    // An authority, with no other below it.
    extension(
      objectIds.basicConstraints,
      true,
      sequence(der(tags.boolean, Buffer.from([0xff])), der(tags.integer, Buffer.from([0]))),
    ),
    // Two bits: keyCertSign and cRLSign. One of the byte's bits is unused.
    extension(objectIds.keyUsage, true, der(tags.bitString, Buffer.from([1, 0x06]))),
    extension(
      objectIds.nameConstraints,
      true,
      sequence(tagged(0, 'constructed', Buffer.concat(permitted.map((name) => sequence(name))))),
    ),
  ];
}

/** Names the key a certificate speaks of. */
export function subjectKeyExtension(key: KeyObject): Buffer {
  return extension(objectIds.subjectKeyIdentifier, false, der(tags.octetString, keyIdentifier(key)));
}

/** Names the key it was signed with. */
export function authorityKeyExtension(key: KeyObject): Buffer {
  return extension(
    objectIds.authorityKeyIdentifier,
    false,
    sequence(tagged(0, 'primitive', keyIdentifier(key))),
  );
}

/** RFC 7093, section 2, method 1: 160 bits of the SHA-256 over the key's bits, which end its SPKI: 65 bytes on P-256. */
function keyIdentifier(key: KeyObject): Buffer {
  const bits = publicKeyOf(key).subarray(-65);
  return createHash('sha256').update(bits).digest().subarray(0, 20);
}

function publicKeyOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [der(tags.boolean, Buffer.from([0xff]))] : [];
  return sequence(objectId(id), ...critical, der(tags.octetString, value));
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return tagged(2, 'primitive', Buffer.from(name, 'latin1'));
  return tagged(7, 'primitive', addressBytes(name));
}

/** RFC 5280, 4.2.1.10: an address, and a mask of the same length behind it. */
function rangeName(range: string): Buffer {
  const [address, bits] = range.split('/') as [string, string];
  return tagged(7, 'primitive', Buffer.concat([addressBytes(address), maskBytes(address, Number(bits))]));
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
