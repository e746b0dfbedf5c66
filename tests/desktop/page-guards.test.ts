/** What the page may not do, tried from inside the real page and from frames that are not ours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInWindow } from '../support/electron-window.ts';
import { hasChromium, pageOf, startDesktop, type Desktop } from './start-desktop.ts';

type Page = Awaited<ReturnType<typeof pageOf>>['page'];

describe.skipIf(!hasChromium)('the page in the desktop window', () => {
  let desktop: Desktop;
  let page: Page;
  let window: StandInWindow;
  let origin: string;
  const requested = new Set<string>();

  beforeAll(async () => {
    desktop = await startDesktop();
    ({ page, window } = await pageOf(desktop));
    page.on('request', (request) => requested.add(new URL(request.url()).origin));
    ({ origin } = new URL(page.url()));
  });
  afterAll(() => desktop[Symbol.asyncDispose]());

  it('opens every window with these preferences and no others', () => {
    expect(desktop.standIn.windows.map(({ options }) => options.webPreferences)).toEqual([
      {
        preload: expect.stringMatching(/dist\/electron\/preload\.cjs$/) as string,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        // Never in what is installed.
        devTools: !desktop.app.isPackaged,
      },
    ]);
  });

  it('loads nothing but the hub of this process', async () => {
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await page.reload();
    await page.locator('nav a').first().waitFor();
    expect([...requested]).toEqual([origin]);
  });

  describe('navigation', () => {
    it.each(['https://example.com/', 'http://127.0.0.1:9/', 'http://localhost:7400/'])(
      'to %s is refused, and opens nothing',
      async (address) => {
        await page.evaluate(`void (location.href = ${JSON.stringify(address)})`);
        await expect.poll(() => window.webContents.refused).toContain(address);
        expect(new URL(page.url()).origin).toBe(origin);
        expect(desktop.standIn.openedOutside).toEqual([]);
      },
    );

    it('by a link of the allow-list opens the default browser instead', async () => {
      await page.evaluate(`void (location.href = 'https://github.com/')`);
      await expect.poll(() => desktop.standIn.openedOutside).toEqual(['https://github.com/']);
      expect(new URL(page.url()).origin).toBe(origin);
      desktop.standIn.openedOutside.length = 0;
    });

    it('within the hub is allowed', async () => {
      await page.goto(`${origin}/logs`);
      expect(new URL(page.url()).pathname).toBe('/logs');
    });

    it('a redirect that leaves the hub is refused', () => {
      const event = desktop.cancellable({ url: 'https://example.com/' });
      window.webContents.emit('will-redirect', event);
      expect(event.defaultPrevented).toBe(true);
    });

    it('a webview is never attached', () => {
      const event = desktop.cancellable();
      window.webContents.emit('will-attach-webview', event, {}, {});
      expect(event.defaultPrevented).toBe(true);
    });
  });

  describe('a second window', () => {
    it('never opens; a link of the allow-list goes to the default browser', async () => {
      expect(await page.evaluate(`window.open('https://github.com/watchline')`)).toBeNull();
      await expect.poll(() => desktop.standIn.openedOutside).toEqual(['https://github.com/watchline']);
      expect(desktop.standIn.windows).toHaveLength(1);
    });

    it('a link of a share opens in the default browser, and nothing else of the hub', async () => {
      desktop.standIn.openedOutside.length = 0;
      const link = `${origin}/s/abcdefghijkl#${'k'.repeat(43)}`;
      const open = (address: string) =>
        page.evaluate<boolean>(`watchline.openExternal(${JSON.stringify(address)})`);
      for (const address of [
        `${origin}/`,
        `${origin}/#ticket=x`,
        link.replace('#', '?x=1#'),
        link.slice(0, -1),
      ]) {
        expect(await open(address), address).toBe(false);
      }
      expect(await open(link.replace(origin, 'https://evil.example'))).toBe(false);
      expect(await open(link)).toBe(true);
      expect(desktop.standIn.openedOutside).toEqual([link]);
    });

    it.each([
      'https://example.com/',
      'http://github.com/',
      'https://github.com.evil.example/',
      'https://user@github.com/',
      'https://github.com:8443/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://server/share',
    ])('nor does %s open outside', async (address) => {
      const before = desktop.standIn.openedOutside.length;
      await page.evaluate(`window.open(${JSON.stringify(address)})`);
      expect(await page.evaluate(`watchline.openExternal(${JSON.stringify(address)})`)).toBe(false);
      expect(desktop.standIn.openedOutside).toHaveLength(before);
    });
  });

  describe('permissions', () => {
    const asked = (permission: string, from = origin) => {
      let answer: boolean | null = null;
      const contents = { getURL: () => `${from}/` };
      desktop.standIn.permissions.request!(
        contents as never,
        permission as never,
        (given) => (answer = given),
        {} as never,
      );
      return {
        answer,
        checked: desktop.standIn.permissions.check!(null, permission as never, from, {} as never),
      };
    };

    it.each([
      ...[
        'media',
        'geolocation',
        'notifications',
        'midi',
        'hid',
        'serial',
        'usb',
        'display-capture',
        'fullscreen',
      ],
      ...['openExternal', 'clipboard-read', 'idle-detection', 'pointerLock', 'unknown'],
    ])('%s is denied', (permission) => expect(asked(permission)).toEqual({ answer: false, checked: false }));

    it('writing to the clipboard is granted to our page', () => {
      expect(asked('clipboard-sanitized-write')).toEqual({ answer: true, checked: true });
    });

    it('and to no other', () => {
      expect(asked('clipboard-sanitized-write', 'https://example.com')).toEqual({
        answer: false,
        checked: false,
      });
    });

    it('no device is ever chosen', () => {
      expect(desktop.standIn.permissions.device!({} as never)).toBe(false);
    });
  });

  describe('the bridge', () => {
    it('answers our page, and gives it nothing but the bridge', async () => {
      expect(await page.evaluate('watchline.about()')).toMatchObject({
        version: '0.0.0-test',
        staysInTray: false,
      });
      expect(await page.evaluate('Object.keys(watchline).sort()')).toEqual(
        ['about', 'on', 'openExternal', 'setTheme', 'windowCommand'].sort(),
      );
      expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]')).toEqual(
        Array<string>(4).fill('undefined'),
      );
    });

    it('commands the window', async () => {
      await page.evaluate(`watchline.windowCommand('toggleMaximize')`);
      expect(window.isMaximized()).toBe(true);
      await page.evaluate(`watchline.windowCommand('toggleMaximize')`);
      await page.evaluate(`watchline.windowCommand('minimize')`);
      expect([window.isMaximized(), window.isMinimized()]).toEqual([false, true]);
    });

    it.each([
      `setTheme('pink')`,
      `setTheme({ toString: () => 'dark' })`,
      `setTheme()`,
      `windowCommand('devtools')`,
      `openExternal(42)`,
      `openExternal('https://github.com/' + 'a'.repeat(3000))`,
      `about('more')`,
    ])('refuses %s', async (call) => {
      await expect(page.evaluate(`watchline.${call}`)).rejects.toThrow(/malformed request/);
      expect(desktop.nativeTheme.themeSource).toBe('system');
    });

    it('drops a message from a frame inside our page', async () => {
      const answer = page.evaluate(`(async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      return frame.contentWindow.__standInInvoke('watchline:setTheme', 'dark');
    })()`);
      await expect(answer).rejects.toThrow(/unknown sender/);
      expect(desktop.nativeTheme.themeSource).toBe('system');
    });

    it('drops a message from another window', async () => {
      const other = new desktop.BrowserWindow({});
      await other.loadURL(`${origin}/healthz`);
      await expect(other.webContents.page!.evaluate(`__standInInvoke('watchline:about')`)).rejects.toThrow(
        /unknown sender/,
      );
      other.close();
    });

    it('drops a message from our window on a foreign page, from a frame in ours, or from one that is gone', async () => {
      const handler = desktop.standIn.handlers.get('watchline:about')!;
      const from = (senderFrame: object | null) =>
        handler({ sender: window.webContents, senderFrame } as never, undefined);
      await expect(from({ url: 'https://example.com/', parent: null })).rejects.toThrow(/unknown sender/);
      await expect(from({ url: `${origin}.example.com/`, parent: null })).rejects.toThrow(/unknown sender/);
      await expect(from({ url: `${origin}/logs`, parent: {} })).rejects.toThrow(/unknown sender/);
      await expect(from(null)).rejects.toThrow(/unknown sender/);
      await expect(from({ url: `${origin}/logs`, parent: null })).resolves.toMatchObject({
        version: '0.0.0-test',
      });
    });

    it('hears only events that there are', async () => {
      await expect(page.evaluate(`watchline.on('ipc', () => {})`)).rejects.toThrow(/no event/);
    });
  });

  it('a certificate that cannot be verified is never let through', () => {
    expect(desktop.app.listenerCount('certificate-error')).toBe(0);
    expect(desktop.app.listenerCount('select-client-certificate')).toBe(0);
  });
});
