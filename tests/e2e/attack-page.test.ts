/**
 * The page under attack: its policy (CSP, Trusted Types) refuses what is injected and nothing that it needs itself, and no text that a
 * peer chooses becomes more than text on any screen.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { hostileHost, hostileObservations, traps, unseen } from '../support/hostile-texts.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { bearer, logIn, makeToken } from '../support/callers.ts';
import { exchangeRaw } from '../support/raw-request.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { paths } from '../../shared/protocol.ts';
import { postJson } from '../support/post-note.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { addUpstream } from '../support/upstream-client.ts';

interface Violation {
  directive: string;
  blocked: string;
}

/** In every document before anything of it runs. */
const tripwire = `
  window.tripped = 0;
  window.trip = () => void window.tripped++;
  window.violations = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    window.violations.push({ directive: effectiveDirective, blocked: blockedURI }));
`;

const screens = [
  '/',
  '/host/h-1..-_',
  '/host/web-2',
  '/logs',
  '/logs?q=%2Ftrip%2Fi',
  '/events',
  '/share',
  '/settings',
  '/settings/servers',
  '/settings/sources',
  '/settings/sharing',
  '/settings/about',
  '/nowhere',
];

describe.skipIf(hasNoBrowser)('the page under attack', () => {
  let hub: TestHub;
  let dashboard: DashboardPage;
  let sharePath: string;
  let shareLink: string;
  const host = hostileHost();

  beforeAll(async () => {
    const hostile = new ScriptedObserver(host, hostileObservations(host.id));
    const plain = new ScriptedObserver(observedHost('web-2'), [
      { name: 'sample', data: sampleOf('web-2', 0, { time: Date.now() }) },
    ]);
    hub = await startTestHub({ observers: [hostile, plain], pageDir: builtPageDir() });
    for (const title of [...traps, unseen]) {
      const marker = await postJson(hub, '/api/v1/events', {
        title: `${title} title`,
        text: `${title}\n${unseen} text`,
        tags: [`${title} tag`.slice(0, 64)],
        link: `https://example.com/${encodeURIComponent(title)}"onmouseover="trip()`,
        level: 'error',
      });
      expect(marker.status).toBe(201);
    }
    await addUpstream(hub, 'http://192.0.2.1:7400', { group: `${traps[0]}${unseen}` });
    await fetch(`${hub.origin}/api/v1/hosts/web-2`, {
      method: 'PATCH',
      headers: { ...bearer(hub.ownerToken), 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: `renamed ${traps.join('')}${unseen}`,
        group: `${traps[0]}${unseen}`,
        tags: [`${traps[1]}${unseen}`],
      }),
    });
    const text = `${traps[0]}${unseen}`;
    const { link } = await makeShare(hub, {
      label: `label ${text}`,
      by: `by ${text}`,
      scope: { hosts: [host.id] },
    });
    const guest = await enterShare(hub, link, `n ${traps[0]}\u202e\u200b`);
    await guest.ask('POST', paths.presence, { screen: '/host/h-1..-_' });
    await guest.ask('POST', paths.pointers, { time: Date.now(), name: `p ${traps[0]}\u202e\u200b` });
    await makeToken(hub, ['read'], { name: `token ${text}` });
    await logIn(hub, `${traps[0]} Firefox/1 \u009b`);
    // Refused, and so told in the audit log.
    await exchangeRaw(
      hub.port,
      `POST /s/${encodeURIComponent(traps[0])}/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    await exchangeRaw(
      hub.port,
      `DELETE /api/v1/tokens/${traps[1].replaceAll(' ', '+')} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`,
    );
    sharePath = new URL(link).pathname;
    shareLink = link;
    dashboard = await openDashboard(hub);
    await dashboard.page.context().addInitScript(tripwire);
  });
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]();
    await hub[Symbol.asyncDispose]();
  });

  const violations = () => dashboard.page.evaluate<Violation[]>('window.violations');

  /** What of the page's texts and attributes would be obeyed or not seen, and what markup came out of a text. */
  const findings = () =>
    dashboard.page.evaluate<string[]>(`(() => {
    const unsafe = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\u200b\\ufeff]/;
    const found = [];
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (unsafe.test(node.data)) found.push('text in ' + path(node.parentElement) + ': ' + escape(node.data.slice(0, 40)));
        continue;
      }
      if (node.matches('img[src="x"], svg[onload], [onerror], [onmouseover], a[href^="javascript:"]')) found.push('element ' + path(node));
      for (const { name, value } of node.attributes)
        if (unsafe.test(value)) found.push(name + ' of ' + path(node) + ': ' + escape(value.slice(0, 40)));
      if (node.matches('input, textarea') && unsafe.test(node.value)) found.push('value of ' + path(node));
    }
    if (unsafe.test(document.title)) found.push('title');
    if (window.tripped) found.push('something ran');
    return [...new Set(found)];
    function path(element) {
      return element.tagName.toLowerCase() + '.' + element.className + ' in ' + (element.parentElement?.className ?? '');
    }
  })()`);

  /** By screen: what of its texts was more than text, and what the policy refused. */
  const seen: Record<string, { findings: string[]; violations: Violation[] }> = {};

  async function visit(screen: string): Promise<void> {
    const { page } = dashboard;
    await dashboard.go(screen);
    // The rail lists the hosts on every screen.
    await page.getByText('onerror').first().waitFor();
    if (screen.startsWith('/logs?')) {
      await page.locator('.row').first().click();
      await page.locator('.side-drawer .text').waitFor();
    }
    if (screen === '/') {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox').waitFor();
    }
    seen[screen] = { findings: await findings(), violations: await violations() };
  }

  it('no text of a peer is more than text, on any screen', async () => {
    for (const screen of screens) await visit(screen);
    const found = Object.entries(seen).filter(([, { findings: some }]) => some.length > 0);
    expect(Object.fromEntries(found.map(([screen, { findings: some }]) => [screen, some]))).toEqual({});
  });

  it('nor on the page of a share', async () => {
    const { page } = dashboard;
    await page.goto(hub.origin + sharePath + new URL(shareLink).hash);
    await page.waitForURL(({ hash }) => hash === '');
    for (const screen of ['/', '/host/h-1..-_', '/logs', '/events']) {
      await page.goto(`${hub.origin}${sharePath}${screen}`);
      await page.getByText('onerror').first().waitFor();
      await page.getByText('by ').first().waitFor();
      expect([screen, await findings(), await violations()]).toEqual([screen, [], []]);
    }
  });

  it('no screen asks for anything the policy refuses', () => {
    expect(Object.keys(seen)).toEqual(screens);
    expect(Object.values(seen).flatMap(({ violations: refused }) => refused)).toEqual([]);
    expect(dashboard.errors.filter((error) => /Content.Security.Policy|Trusted/i.test(error))).toEqual([]);
  });

  it('what is injected does not run', async () => {
    const asked: string[] = [];
    const foreign = createServer((request, answer) => {
      asked.push(request.url!);
      answer.end('trip()');
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const away = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
    const { page } = dashboard;
    // As if the hub itself had been talked into serving it: under the headers that it really sends.
    await page.route(`${hub.origin}/events`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(
        '</head>',
        `<base href="${away}/"><script>trip()</script><script src="${away}/script"></script>
        <style>body{background:url(${away}/style)}</style><link rel="stylesheet" href="${away}/sheet">
        </head><p id="injected" style="background:url(${away}/attribute)"></p><img src="${away}/image">
        <iframe src="${away}/frame"></iframe><object data="${away}/object"></object><video src="${away}/video"></video>
        <img src="data:," onerror="trip()"><form action="${away}/form"><button id="send"></button></form>`,
      );
      await route.fulfill({ response, body });
    });
    await dashboard.go('/events');
    await page.locator('#injected').waitFor({ state: 'attached' });
    await page.evaluate(`setTimeout(() => {
      document.querySelector('#send')?.click();
      fetch('${away}/fetch').catch(() => {});
      navigator.sendBeacon('${away}/beacon');
      try { new WebSocket('${away.replace('http', 'ws')}/socket'); } catch {}
      try { new EventSource('${away}/events'); } catch {}
      for (const attempt of [
        () => eval('trip()'),
        () => setTimeout('trip()'),
        () => new Function('trip()')(),
        () => void (document.body.innerHTML = '<img src=x onerror=trip()>'),
        () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=trip()>'),
        () => document.write('<script>trip()</' + 'script>'),
        () => void (document.createElement('script').src = '${away}/late'),
        () => new Worker('${away}/worker'),
        () => trustedTypes.createPolicy('mine', { createHTML: (text) => text }),
      ]) try { attempt(); window.tripped += 1000; } catch {}
      window.isOver = true;
    })`);
    await page.waitForFunction('window.isOver');
    const directives = new Set((await violations()).map(({ directive }) => directive));
    expect([...directives]).toEqual(
      expect.arrayContaining([
        ...['base-uri', 'script-src-elem', 'script-src-attr', 'style-src-elem', 'style-src-attr', 'img-src'],
        ...['frame-src', 'object-src', 'media-src', 'form-action', 'connect-src'],
        ...['require-trusted-types-for', 'trusted-types'],
      ]),
    );
    expect(await page.evaluate('window.tripped')).toBe(0);
    expect(asked).toEqual([]);
    await page.unroute(`${hub.origin}/events`);
    foreign.close();
  });

  it('no other page can hold it in a frame', async () => {
    const around = createServer((_request, answer) => {
      answer.writeHead(200, { 'Content-Type': 'text/html' }).end(`<iframe src="${hub.origin}/"></iframe>`);
    }).listen(0, '127.0.0.1');
    await once(around, 'listening');
    const page = await dashboard.page.context().newPage();
    await page.goto(`http://127.0.0.1:${(around.address() as AddressInfo).port}/`);
    await page.waitForFunction('document.readyState === "complete"');
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${hub.origin}/`);
    await page.close();
    around.close();
    around.closeAllConnections();
  });
});
