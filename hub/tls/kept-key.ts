/** A key of the hub's own in its data folder, 0600: ECDSA on P-256. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../../link/atomic-file.ts';

/** Reads it, or makes a new one where there is none, or none that can be used. */
export function openKeptKey(file: string): KeyObject {
  return readKey(file) ?? makeKey(file);
}

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** PEM, as `newKey`'s are kept. Null where it is no such key. */
export function parseKey(pem: string | Buffer): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

export function keyText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function makeKey(file: string): KeyObject {
  const key = newKey();
  writeFileAtomically(file, keyText(key));
  return key;
}

function readKey(file: string): KeyObject | null {
  try {
    return parseKey(readFileSync(file));
  } catch {
    return null;
  }
}
