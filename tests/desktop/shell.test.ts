/** The desktop program as a person meets it: hub, window, tray, menu and the way out, all of main.ts running. */
import { once } from 'node:events';
import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, it as test } from 'vitest';
import { freePort } from '../support/proxies/free-port.ts';
import { hasChromium, pageOf, startDesktop, type Desktop } from './start-desktop.ts';

const it = test.skipIf(!hasChromium);

it('shows this machine and its real numbers in the window', async () => {
  await using desktop = await startDesktop();
  const { window, page } = await pageOf(desktop);
  // A number the page has from a sample of this machine, moving with the next ones.
  await expect.poll(() => page.textContent('body'), { timeout: 15_000 }).toMatch(/CPU[\s\S]*\d+(\.\d+)?\s*%/);
  expect(await page.textContent('body')).toContain(hostname());
  expect(new URL(page.url()).hash).toBe('');
  expect(desktop.standIn.isSandboxEnabled).toBe(true);
  expect(window.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  });
  expect(desktop.standIn.paths['userData']).toBe(path.join(desktop.dataDir, 'desktop'));
});

it('shows the window only when there is something to see, in the colours of the saved theme', async () => {
  await using first = await startDesktop();
  const { page, window } = await pageOf(first);
  expect(window.options).toMatchObject({ show: false, backgroundColor: '#F5F6F8' });
  await page.evaluate(`watchline.setTheme('dark')`);
  expect(window.backgroundColor).toBe('#0E1116');
  expect(await page.evaluate(`matchMedia('(prefers-color-scheme: dark)').matches`)).toBe(true);
  await quit(first);

  await using second = await startDesktop({ dataDir: first.dataDir });
  const next = await pageOf(second);
  expect(second.nativeTheme.themeSource).toBe('dark');
  expect(next.window.options.backgroundColor).toBe('#0E1116');
});

it('opens the window where it was left', async () => {
  await using first = await startDesktop();
  const { window } = await pageOf(first);
  window.bounds = { x: 40, y: 50, width: 1000, height: 700 };
  window.emit('moved');
  await quit(first);
  expect(JSON.parse(await readFile(path.join(first.dataDir, 'window.json'), 'utf8'))).toMatchObject({
    placements: { 1: { bounds: { x: 40, y: 50 } } },
  });

  await using second = await startDesktop({ dataDir: first.dataDir });
  expect((await pageOf(second)).window.options).toMatchObject({ x: 40, y: 50, width: 1000, height: 700 });
});

it('ends with its last window where there is no tray', async () => {
  await using desktop = await startDesktop({ hasTray: false });
  const { window } = await pageOf(desktop);
  window.close();
  expect(await desktop.standIn.exited.promise).toBe(0);
  expect(desktop.standIn.trays).toEqual([]);
});

it('goes on in the tray where there is one, says so once, and comes back from there', async () => {
  await using desktop = await startDesktop({ hasTray: true });
  const { window } = await pageOf(desktop);
  const [tray] = desktop.standIn.trays;
  window.close();
  expect(window.isVisible).toBe(false);
  tray!.menu!.choose('Open');
  expect(window.isVisible).toBe(true);
  window.close();
  tray!.emit('click');
  expect(window.isVisible && window.isFocused).toBe(true);
  expect(desktop.standIn.notifications).toEqual(['Watchline goes on watching']);

  await expect.poll(() => tray!.tooltip, { timeout: 10_000 }).toMatch(/^Watchline: CPU \d+ %, memory \d+ %$/);
  tray!.menu!.choose('Copy address');
  expect(desktop.standIn.clipboardText).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  tray!.menu!.choose('Quit');
  expect(await desktop.standIn.exited.promise).toBe(0);
  expect(tray!.isGone).toBe(true);
});

it('a second launch brings the window up, and hands over its link', async () => {
  await using desktop = await startDesktop({ hasTray: true });
  const { window, page } = await pageOf(desktop);
  const heard = page.evaluate(`new Promise((resolve) => watchline.on('navigate', resolve))`);
  window.close();
  desktop.app.emit('second-instance', {}, ['watchline']);
  expect(window.isVisible && window.isFocused).toBe(true);
  expect(desktop.standIn.windows).toHaveLength(1);
  desktop.app.emit('second-instance', {}, ['watchline', 'watchline://logs?q=boot']);
  expect(await heard).toBe('/logs?q=boot');
});

it('ends at once where another instance holds the lock, and opens nothing', async () => {
  await using desktop = await startDesktop({ prepare: (standIn) => (standIn.getsInstanceLock = false) });
  expect(await desktop.standIn.exited.promise).toBe(0);
  expect(desktop.standIn.windows).toEqual([]);
  expect(desktop.standIn.errorBoxes).toEqual([]);
});

it('has a native menu whose screens move the page', async () => {
  await using desktop = await startDesktop();
  const { page } = await pageOf(desktop);
  const items = desktop.flat(desktop.standIn.menu!.template);
  const accelerators = items.map(({ accelerator }) => accelerator).filter(Boolean);
  expect(new Set(accelerators).size).toBe(accelerators.length);
  expect(accelerators).toEqual(expect.arrayContaining(['CmdOrCtrl+Q', 'CmdOrCtrl+1', 'CmdOrCtrl+K']));
  const heard = page.evaluate(`new Promise((resolve) => watchline.on('navigate', resolve))`);
  desktop.standIn.menu!.choose('Logs');
  expect(await heard).toBe('/logs');
});

it('reloads the page where it is, with a fresh ticket: a session that ended is begun anew', async () => {
  await using desktop = await startDesktop();
  const { page } = await pageOf(desktop);
  await page.goto(new URL('/logs', page.url()).href);
  await page.context().clearCookies();
  const session = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/session'));
  desktop.standIn.menu!.choose('Reload');
  expect((await session).ok()).toBe(true);
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs');
});

it('takes the next port where another program has the wanted one', async () => {
  await using holder = await holdPort();
  await using desktop = await startDesktop({ words: ['--port', String(holder.port)] });
  const { page } = await pageOf(desktop);
  expect(Number(new URL(page.url()).port)).toBeGreaterThan(holder.port);
  expect(desktop.standIn.errorBoxes).toEqual([]);
});

it('closes everything once when it quits: its ports, the files, the children', async () => {
  const before = resources();
  const networkPort = await freePort();
  const network = ['--network', 'plain', '--network-port', String(networkPort)];
  await using desktop = await startDesktop({ hasTray: true, words: ['--port', '0', ...network] });
  const { page } = await pageOf(desktop);
  const { origin } = new URL(page.url());
  const origins = [origin, `http://127.0.0.1:${networkPort}`];
  for (const each of origins) expect(await statusOf(`${each}/healthz`)).toBe(200);
  desktop.app.quit();
  expect(await quit(desktop)).toBe(0);
  expect(desktop.standIn.exits).toEqual([0]);
  for (const each of origins) await expect(statusOf(`${each}/healthz`)).rejects.toThrow(/ECONNREFUSED/);
  await expect.poll(resources).toBeLessThanOrEqual(before);
  expect(desktop.stderr()).toBe('');
});

it.each([
  ['a flag nobody knows', ['--prot', '1'], /There is no flag --prot\. Did you mean --port\?/, 2],
  ['a value out of range', ['--port', '70000'], /--port is 70000, but must be/, 3],
  ['a data folder that is none', ['--data', '/dev/null/state'], /\/dev\/null\/state.* cannot be used/, 6],
])('says in a native box why it could not start: %s', async (_what, words, message, code) => {
  await using desktop = await startDesktop({ words });
  expect(await desktop.standIn.exited.promise).toBe(code);
  const [box, ...others] = desktop.standIn.errorBoxes;
  expect(others).toEqual([]);
  expect(box!.title).toMatch(message);
  expect(box!.content).not.toBe('');
  expect(desktop.stderr()).toContain(box!.title);
  expect(desktop.standIn.windows).toEqual([]);
});

function quit(desktop: Desktop): Promise<number> {
  desktop.app.quit();
  return desktop.standIn.exited.promise;
}

/** How many sockets, servers, watchers and children keep this process from ending. Timers and file reads come and go. */
function resources(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Wrap|Watch|Server|Signal/.test(kind)).length;
}

function statusOf(address: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(address, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

async function holdPort(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as { port: number }).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
