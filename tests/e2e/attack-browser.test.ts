/**
 * A browser as the weapon: a name that was rebound to the hub, pages of other origins with the owner's cookie at hand, and the search
 * for tokens in everything that a browser, a proxy and the hub leave behind.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY_BYTES, keyringOf } from '../../hub/access/keyring.ts';
import { findChromium } from '../../scripts/launch/find-chromium.ts';
import { paths } from '../../shared/protocol.ts';
import type { NoteAnswer } from '../../shared/schema/notes.ts';
import { askAsOwner, invite, pairAgent } from '../support/agent-client.ts';
import { BatchSender } from '../support/batch-sender.ts';
import { hasNoBrowser } from '../support/browser.ts';
import { bearer, makeToken } from '../support/callers.ts';
import { builtPageDir } from '../support/dashboard-page.ts';
import { sampleOf } from '../support/observations.ts';
import { nginxArguments } from '../support/proxies/nginx.ts';
import { startProxy, type RunningProxy } from '../support/proxies/start-proxy.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { hasTool } from '../support/system-tools.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { addUpstream } from '../support/upstream-client.ts';

describe.skipIf(hasNoBrowser)('a browser as the weapon', () => {
  let hub: TestHub;
  let profile: TempFolder;
  let dataDir: TempFolder;
  let browser: BrowserContext;
  /** The owner's own tab: its cookie is in this browser. */
  let ownPage: Page;
  /** A server of the attacker: on another port of this machine, which browsers take for the same site. */
  let foreign: string;
  const foreignServer = createServer((_request, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>cats</title>');
  });
  const referers: string[] = [];

  beforeAll(async () => {
    dataDir = await makeTempFolder();
    hub = await startTestHub({
      dataDir: dataDir.path,
      observers: [new ScriptedObserver()],
      pageDir: builtPageDir(),
      keyring: keyringOf(randomBytes(KEY_BYTES)),
      maxBadTokens: 1_000,
    });
    foreignServer.listen(0, '127.0.0.1');
    await once(foreignServer, 'listening');
    foreign = `http://127.0.0.1:${(foreignServer.address() as AddressInfo).port}/`;
    profile = await makeTempFolder();
    browser = await chromium.launchPersistentContext(profile.path, {
      executablePath: findChromium()!,
      args: [
        ...[
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
        ],
        '--host-resolver-rules=MAP *.evil.example 127.0.0.1, MAP evil.example 127.0.0.1',
      ],
    });
    browser.on('request', (request) => referers.push(request.headers()['referer'] ?? ''));
    ownPage = await browser.newPage();
    await ownPage.goto(hub.launchUrl());
    await ownPage.locator('nav a').first().waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await hub[Symbol.asyncDispose]();
    await profile[Symbol.asyncDispose]();
    await dataDir[Symbol.asyncDispose]();
    foreignServer.close();
    foreignServer.closeAllConnections();
  });

  /** What a script of a page gets by every way that a page has to a server: its text, or why there is none. */
  const tryAll = (page: Page, target: string) =>
    page.evaluate<Record<string, string>>(`(async () => {
      const target = ${JSON.stringify(target)};
      const got = {};
      const attempt = async (name, act) => {
        got[name] = await Promise.race([
          Promise.resolve().then(act).then(String, (error) => 'refused: ' + error.name),
          new Promise((resolve) => setTimeout(resolve, 3000, 'refused: silence')),
        ]);
      };
      const read = async (response) => response.type === 'opaque' ? 'refused: opaque' : response.ok ? await response.text() : 'refused: ' + response.status;
      await Promise.all([
        attempt('fetch', () => fetch(target + '/api/v1/hosts', { credentials: 'include' }).then(read)),
        attempt('fetch without cors', () => fetch(target + '/api/v1/hosts', { credentials: 'include', mode: 'no-cors' }).then(read)),
        attempt('poll', () => fetch(target + '/api/v1/poll', { credentials: 'include' }).then(read)),
        attempt('delete', () => fetch(target + '/api/v1/session', { credentials: 'include', method: 'DELETE' }).then(read)),
        attempt('json', () => fetch(target + '/api/v1/notes', { credentials: 'include', method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"text":"forged"}' }).then(read)),
        attempt('simple request', () => fetch(target + '/api/v1/events', { credentials: 'include', method: 'POST', mode: 'no-cors', body: 'forged' }).then(read)),
        attempt('beacon', () => (navigator.sendBeacon(target + '/api/v1/events', 'forged'), 'refused: nothing is read')),
        attempt('guessed ticket', () => fetch(target + '/api/v1/session', { credentials: 'include', method: 'POST', mode: 'no-cors', body: '{"ticket":"x"}' }).then(read)),
        attempt('stream', () => new Promise((resolve, reject) => {
          const source = new EventSource(target + '/api/v1/stream', { withCredentials: true });
          source.addEventListener('hello', ({ data }) => resolve(data));
          source.onerror = () => { source.close(); reject(new Error()); };
        })),
        attempt('script', () => new Promise((resolve, reject) => {
          const script = Object.assign(document.createElement('script'), { src: target + '/api/v1/hosts', onload: () => resolve('refused: ran as nothing'), onerror: () => reject(new Error()) });
          addEventListener('error', ({ message }) => resolve('refused: ' + message));
          document.head.append(script);
        })),
        attempt('picture', () => new Promise((resolve, reject) => {
          Object.assign(new Image(), { src: target + '/api/v1/hosts', onload: () => resolve('shown'), onerror: () => reject(new Error()) });
        })),
        attempt('frame', () => new Promise((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), { src: target + '/' });
          frame.onload = () => { try { resolve(frame.contentDocument.body.textContent); } catch (error) { resolve('refused: ' + error.name); } };
          document.body.append(frame);
        })),
        attempt('form', () => new Promise((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), { name: 'sink', onload: () => resolve('refused: nothing is read') });
          document.body.append(frame);
          const form = Object.assign(document.createElement('form'), { action: target + '/api/v1/events', method: 'post', enctype: 'text/plain', target: 'sink' });
          form.append(Object.assign(document.createElement('input'), { name: 'title', value: 'forged' }));
          document.body.append(form);
          form.submit();
        })),
      ]);
      return got;
    })()`);

  async function notes(): Promise<string[]> {
    const stream = await fetch(`${hub.origin}${paths.poll}?channels=state`, {
      headers: bearer(hub.ownerToken),
    });
    return [...(await stream.text()).matchAll(/forged/g)].map(String);
  }

  it('a foreign name that was rebound to this machine gets nothing', async () => {
    for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
      const page = await browser.newPage();
      const origin = `http://${name}:${hub.port}`;
      expect([name, (await page.goto(`${origin}/`))!.status()]).toEqual([name, 421]);
      // The page was loaded while the name still led to the attacker; everything after it comes to the hub.
      await page.route(`${origin}/cats`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>cats</title>' }),
      );
      await page.goto(`${origin}/cats`);
      const got = await tryAll(page, '');
      // A frame of its own origin can be read: it holds the refusal, or nothing yet.
      const refused = /^refused|^$|host-not-allowed/;
      expect(Object.entries(got).filter(([, text]) => !refused.test(text))).toEqual([]);
      await page.close();
    }
    expect(await notes()).toEqual([]);
  });

  it('a page of another origin gets nothing with the cookie, and changes nothing', async () => {
    for (const origin of [
      foreign,
      foreign.replace('127.0.0.1', 'localhost'),
      foreign.replace('127.0.0.1', 'evil.example'),
    ]) {
      const page = await browser.newPage();
      await page.goto(origin);
      const got = await tryAll(page, hub.origin);
      expect([origin, Object.entries(got).filter(([, text]) => !text.startsWith('refused'))]).toEqual([
        origin,
        [],
      ]);
      // A window of the hub's page is out of the opener's reach.
      expect(
        await page.evaluate(`new Promise((resolve) => {
        const opened = window.open(${JSON.stringify(`${hub.origin}/`)});
        const look = () => opened === null || opened.closed ? resolve('out of reach') : setTimeout(look, 20);
        look();
        setTimeout(resolve, 3000, 'in reach');
      })`),
      ).toBe('out of reach');
      await page.close();
    }
    expect(await notes()).toEqual([]);
    // The owner is still logged in.
    expect(await ownPage.evaluate(`fetch('/api/v1/session').then(({ status }) => status)`)).toBe(200);
    expect(hub.troubles).toEqual([]);
  });

  it.skipIf(!hasTool('nginx'))(
    'no token is left in logs, proxy logs, Referer, history, audit log or metrics',
    async () => {
      let logs = '';
      const proxy: RunningProxy = await startProxy(
        {
          name: 'nginx with a log of everything',
          program: 'nginx',
          awayStatus: 502,
          prepare: async (place) => {
            logs = place.folder;
            const words = `log_format all '$request|$http_referer|$http_user_agent|$request_uri|$args';
            access_log ${place.folder}/access.log all; proxy_set_header Host $http_host; proxy_http_version 1.1;`;
            return await nginxArguments(place, words);
          },
        },
        { hubPort: hub.port },
      );
      await using _proxy = proxy;
      const through = { origin: proxy.origin, ownerToken: hub.ownerToken };

      // Every flow that has a secret in it, through the proxy.
      const secrets: Record<string, string> = { "the owner's token": hub.ownerToken };
      const launch = new URL(hub.launchUrl());
      secrets['the launch ticket'] = launch.hash.split('=')[1]!;
      await ownPage.goto(`${proxy.origin}/${launch.hash}`);
      await ownPage.locator('nav a').first().waitFor();
      for (const screen of ['/logs', '/events', '/share', '/settings/sharing', '/host/web-1']) {
        await ownPage.goto(proxy.origin + screen);
        await ownPage.locator('nav a').first().waitFor();
      }
      const share = await makeShare(through);
      const linkSecret = share.link.split('#')[1]!;
      const guest = await browser.newPage();
      await guest.goto(`${proxy.origin}${new URL(share.link).pathname}#${linkSecret}`);
      await guest.waitForURL(({ hash }) => hash === '');
      await until('the guest to be let in', async () =>
        (await browser.cookies(proxy.origin)).some(({ name }) => name.startsWith('watchline_share')),
      );
      for (const { name, value } of await browser.cookies(proxy.origin))
        secrets[`the cookie ${name}`] = value;
      secrets["a guest's cookie"] = (await enterShare(through, share.link)).headers['cookie']!.split('=')[1]!;
      secrets["the share's secret"] = linkSecret;
      const tool = await fetch(`${proxy.origin}${paths.stream}`, { headers: bearer(share.token) });
      await tool.body!.cancel();
      const preview = (await (
        await askAsOwner(through, 'POST', `${paths.shares}/${share.share.id}/preview`)
      ).json()) as { link: string };
      secrets['a preview'] = preview.link.split('#')[1]!;
      const operator = await makeToken(hub, ['read', 'publish'], { name: 'deploy' });
      secrets["an operator's token"] = operator.token;
      const marker = await fetch(proxy.origin + paths.events, {
        method: 'POST',
        headers: bearer(operator.token),
        body: 'deployed',
      });
      expect(((await marker.json()) as NoteAnswer).note.title).toBe('deployed');
      secrets["an agent's code"] = (await invite(through)).code;
      const agent = await pairAgent(through, { id: 'web-9' });
      secrets["an agent's token"] = agent.token;
      const batch = new BatchSender({ origin: proxy.origin, token: agent.token });
      expect(
        (await batch.send([batch.line('sample', sampleOf('web-9', 0, { time: Date.now() }))])).status,
      ).toBe(200);
      secrets["another hub's token"] = 'of-another-hub-0123456789-0123456789';
      await addUpstream(through, 'http://192.0.2.1:7400', { token: secrets["another hub's token"] });
      // Wrong in every way: a refusal must not repeat what it refuses.
      secrets['a mistyped token'] = 'mistyped-0123456789abcdef-0123456789abcdef';
      for (const headers of [
        bearer(secrets['a mistyped token']),
        { cookie: `watchline_session_${hub.port}=${secrets['a mistyped token']}` },
      ])
        expect((await fetch(proxy.origin + paths.hosts, { headers })).status).toBe(401);
      // A ticket is in the log of a proxy, where it opens nothing: it is used up.
      const { ticket } = (await (await askAsOwner(through, 'POST', paths.tickets)).json()) as {
        ticket: string;
      };
      secrets['a stream ticket'] = ticket;
      const byTicket = await fetch(`${proxy.origin}${paths.stream}?ticket=${ticket}`);
      await byTicket.body!.cancel();
      expect((await fetch(`${proxy.origin}${paths.stream}?ticket=${ticket}`)).status).toBe(401);

      // The session history of the tabs, by going back.
      const addresses = await Promise.all(
        [ownPage, guest].map((page) => page.evaluate<string[]>(`navigation.entries().map(({ url }) => url)`)),
      );
      const owned = { headers: bearer(hub.ownerToken) };
      const answers = [
        paths.metrics,
        paths.hub,
        paths.audit,
        paths.sessions,
        paths.tokens,
        paths.shares,
        paths.agents,
        paths.upstreams,
        paths.hosts,
        paths.poll,
      ];
      const told = await Promise.all(
        answers.map(async (door) => (await fetch(hub.origin + door, owned)).text()),
      );
      await hub[Symbol.asyncDispose]();
      const places: Record<string, string> = {
        'the access log of nginx': await readFile(path.join(logs, 'access.log'), 'utf8'),
        'the error log of nginx': await readFile(path.join(logs, 'error.log'), 'utf8'),
        'what the hub reported': hub.troubles.map(({ stack }) => stack).join('\n'),
        Referer: referers.join('\n'),
        'the session history': addresses.flat().join('\n'),
        ...Object.fromEntries(answers.map((door, at) => [door, told[at]!])),
        ...(await filesUnder(hub.dataDir)),
      };
      expect(Object.keys(places)).toContain('audit.ndjson');
      const found = Object.entries(places).flatMap(([place, text]) =>
        Object.entries(secrets)
          .filter(([, secret]) => text.includes(secret))
          .map(([what]) => `${what} in ${place}`),
      );
      // No other user of the machine can read any of it.
      expect((await stat(hub.dataDir)).mode & 0o077).toBe(0);
      const modes = await Promise.all(
        Object.keys(await filesUnder(hub.dataDir)).map(async (name) => [
          name,
          (await stat(path.join(hub.dataDir, name))).mode & 0o077,
        ]),
      );
      expect(modes.filter(([, mode]) => mode !== 0)).toEqual([]);
      // The one that stands in an address by design, and that the search does find what is there.
      expect(found).toEqual(['a stream ticket in the access log of nginx']);
    },
  );

  it('on the disk, Chromium remembers the link itself and nothing else that opens anything', async () => {
    await browser.close();
    const history = new DatabaseSync(path.join(profile.path, 'Default/History'), { readOnly: true });
    const urls = history
      .prepare('select url from urls')
      .all()
      .map(({ url }) => String(url));
    history.close();
    const withSecrets = urls.filter((url) => /#./.test(url));
    // The limit that SECURITY.md names: an address is remembered with its fragment as soon as it is opened.
    for (const url of withSecrets) expect(url).toMatch(/\/#ticket=[\w-]{43}$|\/s\/[a-z0-9]{12}#[\w-]{43}$/);
    expect(urls.filter((url) => /[?&](token|ticket|secret)=/.test(url))).toEqual([]);
  });
});

async function filesUnder(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const texts = await Promise.all(
    files.map(async (file) => [path.relative(folder, file), await readFile(file, 'latin1')] as const),
  );
  return Object.fromEntries(texts);
}
