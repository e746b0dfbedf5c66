/** What the desktop keeps secret on the disk, and what it says where the system cannot help. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it as test } from 'vitest';
import { openDesktopKeyring } from '../../electron/state/desktop-keyring.ts';
import { standIn } from '../support/electron-stand-in.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { addUpstream } from '../support/upstream-client.ts';
import { hasChromium, pageOf, startDesktop, type Desktop, type DesktopSettings } from './start-desktop.ts';

const it = test.skipIf(!hasChromium);
const token = 'a-token-that-is-nobodys-business-0123456789';

/** A hub of this desktop, as a program that reads its runtime file finds it. */
async function hubOf(desktop: Desktop) {
  await pageOf(desktop);
  const { url, token: ownerToken } = JSON.parse(
    await readFile(path.join(desktop.dataDir, 'hub.json'), 'utf8'),
  ) as { url: string; token: string };
  return { origin: url, ownerToken };
}

/** Every file of the data folder but Chromium's profile and the runtime file, whose token dies with the program. */
async function filesOf({ dataDir }: Desktop): Promise<string> {
  const names = await readdir(dataDir, { withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && entry.name !== 'hub.json');
  const texts = await Promise.all(files.map(({ name }) => readFile(path.join(dataDir, name), 'latin1')));
  return texts.join('\n');
}

function withKeyring(keyring: 'gnome_libsecret' | 'kwallet6' | 'basic_text', settings: DesktopSettings = {}) {
  return startDesktop({ ...settings, prepare: (standIn) => (standIn.keyring = keyring) });
}

describe('the keyring', () => {
  it('seals tokens of other hubs by a key that the system keeps', async () => {
    await using desktop = await withKeyring('gnome_libsecret');
    const hub = await hubOf(desktop);
    await addUpstream(hub, 'http://192.0.2.1:7400', { token });
    const files = await filesOf(desktop);
    expect(files).toContain('"token": "sealed:');
    expect(files).not.toContain(token);
    expect(files).not.toContain(hub.ownerToken);
    const { page } = await pageOf(desktop);
    expect(await page.evaluate('watchline.about()')).toMatchObject({ keyringWeakness: null });
  });

  test('has the same key after a restart, and another where the system opens the old one no more', async () => {
    await using folder = await makeTempFolder();
    const open = async (keyring: typeof standIn.keyring) => {
      standIn.keyring = keyring;
      return (await openDesktopKeyring(folder.path)).keyring;
    };
    const sealed = (await open('gnome_libsecret')).seal(token);
    expect((await open('gnome_libsecret')).open(sealed)).toBe(token);
    const changed = await open('kwallet6');
    expect(() => changed.open(sealed)).toThrow(/sealed by a keyring/);
    expect(await readdir(folder.path)).toEqual(['keyring.json', 'keyring.json.damaged']);
  });

  test.skipIf(!hasChromium || process.platform !== 'linux')(
    'is missed aloud where there is none (basic_text)',
    async () => {
      await using desktop = await withKeyring('basic_text');
      const { page } = await pageOf(desktop);
      expect(desktop.stderr()).toContain('This desktop has no keyring (GNOME Keyring or KWallet).');
      await page.locator('nav a').first().waitFor();
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('link', { name: 'About' }).click();
      const note = page.getByRole('note').filter({ hasText: 'no keyring' });
      await expect.poll(() => note.textContent()).toMatch(/programs of your user can read/);
    },
  );
});
