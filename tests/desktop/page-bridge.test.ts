/** The page and the shell around it: menu and links move the page, its theme is the window's, About names the versions. */
import { expect, it as test } from 'vitest';
import { hasChromium, pageOf, startDesktop } from './start-desktop.ts';

const it = test.skipIf(!hasChromium);

it('goes where the menu says, and opens the palette', async () => {
  await using desktop = await startDesktop();
  const { page } = await pageOf(desktop);
  await page.locator('nav a').first().waitFor();
  desktop.standIn.menu!.choose('Logs');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs');
  desktop.standIn.menu!.choose('Command Palette');
  await page.getByRole('combobox').waitFor();
});

it('follows a link of a second launch without loading anew', async () => {
  await using desktop = await startDesktop({ hasTray: true });
  const { page } = await pageOf(desktop);
  await page.locator('nav a').first().waitFor();
  await page.evaluate('window.isStillThisPage = true');
  desktop.app.emit('second-instance', {}, ['watchline', 'watchline://logs?q=boot']);
  await expect.poll(() => page.url()).toMatch(/\/logs\?q=boot$/);
  expect(await page.evaluate('window.isStillThisPage')).toBe(true);
});

it('tells the window of its theme, so that menus and the next start wear it', async () => {
  await using desktop = await startDesktop();
  const { page, window } = await pageOf(desktop);
  await page.locator('nav a').first().waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await expect.poll(() => desktop.nativeTheme.themeSource).toBe('dark');
  expect(window.backgroundColor).toBe('#0E1116');
});

it('names the versions of the app in Settings', async () => {
  await using desktop = await startDesktop();
  const { page } = await pageOf(desktop);
  await page.locator('nav a').first().waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'About' }).click();
  await page.getByText(/^Electron .*, Chromium/).waitFor();
});
