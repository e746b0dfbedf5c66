/**
 * The keyring of the desktop: one random key, itself sealed by the system (Keychain, DPAPI, libsecret, KWallet) and kept in `keyring.json`
 * of the data folder. Where the system has no such place, secrets stand readable in files of this user, and the page says so.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { safeStorage } from 'electron';
import * as z from 'zod/mini';
import { KEY_BYTES, keyringOf, noKeyring, type Keyring } from '../../hub/access/keyring.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';

const keyFile = z.object({ sealedKey: z.base64() });

export interface DesktopKeyring {
  keyring: Keyring;
  /** Null: secrets are sealed. Else why they are not, one sentence. */
  weakness: string | null;
}

/** Asked once the app is ready. Never rejects: a desktop without a keyring still shows its machine. */
export async function openDesktopKeyring(dataDir: string): Promise<DesktopKeyring> {
  const weakness = await weaknessOfSystem();
  if (weakness !== null) return unprotected(weakness);
  const file = path.join(dataDir, 'keyring.json');
  try {
    const key = (await readKey(file)) ?? (await makeKey(file));
    return { keyring: keyringOf(key), weakness: null };
  } catch (trouble) {
    return unprotected(`The system's keyring did not seal a key: ${(trouble as Error).message}.`);
  }
}

/** `basic_text` is Chromium's word for a password that stands in its source: no protection at all. */
async function weaknessOfSystem(): Promise<string | null> {
  const isBasic = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  if (!isBasic && (await safeStorage.isAsyncEncryptionAvailable())) return null;
  return process.platform === 'linux'
    ? 'This desktop has no keyring (GNOME Keyring or KWallet).'
    : "The system's keyring is not available.";
}

function unprotected(weakness: string): DesktopKeyring {
  process.stderr.write(
    `watchline: ${weakness} Tokens of other hubs are kept in a file that programs of this user can read.\n`,
  );
  return { keyring: noKeyring, weakness };
}

/** Null: there is none, or the system opens it no more. Such a file is set aside: what it sealed has to be added again. */
async function readKey(file: string): Promise<Buffer | null> {
  try {
    const { sealedKey } = keyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealedKey, 'base64'));
    const key = Buffer.from(result, 'base64');
    if (key.length !== KEY_BYTES) throw new Error('its key has another length');
    return key;
  } catch (trouble) {
    if ((trouble as NodeJS.ErrnoException).code === 'ENOENT') return null;
    process.stderr.write(`watchline: ${file} cannot be opened. ${setAside(file)}\n`);
    return null;
  }
}

async function makeKey(file: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  const sealedKey = (await safeStorage.encryptStringAsync(key.toString('base64'))).toString('base64');
  writeFileAtomically(file, `${JSON.stringify({ sealedKey })}\n`);
  return key;
}
