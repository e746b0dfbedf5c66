/**
 * Renders the desktop app's icons from their SVGs in electron/assets/. Run after changing one; the results are
 * committed: `node scripts/render-icons.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from './launch/find-chromium.ts';

const folder = join(import.meta.dirname, '../electron/assets');

/** electron-builder makes every platform's formats from a PNG of 1024 pixels; trays take 16 points at 1x and 2x. */
const pictures = [
  { svg: 'icon.svg', png: 'icon.png', pixels: 1024 },
  { svg: 'tray.svg', png: 'tray.png', pixels: 16 },
  { svg: 'tray.svg', png: 'tray@2x.png', pixels: 32 },
  { svg: 'tray-template.svg', png: 'trayTemplate.png', pixels: 16 },
  { svg: 'tray-template.svg', png: 'trayTemplate@2x.png', pixels: 32 },
];

const executablePath = findChromium();
if (executablePath === null) throw new Error('Rendering needs a Chromium; set WATCHLINE_CHROMIUM to one.');
const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  for (const { svg, png, pixels } of pictures) {
    const page = await browser.newPage({ viewport: { width: pixels, height: pixels } });
    const picture = await readFile(join(folder, svg), 'utf8');
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${picture}`,
    );
    await writeFile(join(folder, png), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
