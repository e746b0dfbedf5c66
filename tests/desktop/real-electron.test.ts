/**
 * The desktop program in the real Electron, where its runtime is installed and there is a display; elsewhere these
 * tests are skipped by name. `npm run test:desktop` runs them. Nothing here fetches the runtime: asking the `electron`
 * package for its path would, so its folder is looked at instead.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDisplay, installedRuntime } from '../../scripts/launch/electron-runtime.ts';

const root = path.resolve(import.meta.dirname, '../..');
const runtime = installedRuntime();
const reason = whyNot();

describe.skipIf(reason !== null)(
  `in the real Electron${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let dataDir: string;
    let program: ElectronApplication;
    let page: Page;

    beforeAll(async () => {
      dataDir = await mkdtemp(path.join(tmpdir(), 'watchline-electron-'));
      const rootFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      program = await _electron.launch({
        executablePath: runtime!,
        args: [...rootFlags, root, '--port', '0', '--data', dataDir],
      });
      page = await program.firstWindow();
    });
    afterAll(async () => {
      await program?.close();
      await rm(dataDir, { recursive: true, force: true });
    });

    it('shows real numbers', async () => {
      await expect
        .poll(() => page.innerText('body'), { timeout: 20_000 })
        .toMatch(/CPU[\s\S]*\d+(\.\d+)?\s*%/);
    });

    it('gives the page the bridge and nothing of Node, in a world of its own', async () => {
      expect(await page.evaluate('[typeof require, typeof process, typeof Buffer]')).toEqual(
        Array<string>(3).fill('undefined'),
      );
      expect(await page.evaluate('watchline.about()')).toMatchObject({ platform: process.platform });
      await expect(page.evaluate(`watchline.setTheme('pink')`)).rejects.toThrow(/malformed request/);
    });

    it('sandboxes and isolates the page', async () => {
      const preferences = await program.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
          getLastWebPreferences(): Record<string, unknown>;
        };
        return contents.getLastWebPreferences();
      });
      expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    });

    it('refuses to leave the hub and to open windows', async () => {
      const { origin } = new URL(page.url());
      await page.evaluate(`void (location.href = 'https://example.com/')`);
      expect(await page.evaluate(`window.open('https://example.com/')`)).toBeNull();
      await page.evaluate('watchline.about()');
      expect(new URL(page.url()).origin).toBe(origin);
      expect(program.windows()).toHaveLength(1);
    });

    it('denies permissions and grants copying', async () => {
      expect(await page.evaluate('Notification.requestPermission()')).toBe('denied');
      const state = `navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`;
      expect(await page.evaluate(state)).toBe('denied');
    });

    it('gives up its port when it quits', async () => {
      const { origin } = new URL(page.url());
      await program.close();
      await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
    });
  },
);

function whyNot(): string | null {
  if (runtime === null) return "Electron's runtime is not installed";
  if (!hasDisplay()) return 'there is no display';
  if (!existsSync(path.join(root, 'dist/electron/main.mjs'))) return 'nothing is built';
  return null;
}
