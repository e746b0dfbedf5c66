/** The hub's own authority in a real Chromium: trusted once, it opens this hub, and nothing of the internet to whoever steals its key. */
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:https';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { expect, test } from 'vitest';
import { findChromium } from '../../scripts/launch/find-chromium.ts';
import { newKey, keyText } from '../../hub/tls/kept-key.ts';
import { findOwnAuthority } from '../../hub/tls/own-authority.ts';
import { changeReach } from '../support/reach-hub.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { hasTool, runTool } from '../support/system-tools.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

test.skipIf(findChromium() === null || !hasTool('certutil'))(
  'a browser that trusts ca.crt opens the hub by name and address, and refuses what a thief would make with its key',
  async () => {
    await using hub = await startTestHub();
    const { listener, origins } = await changeReach(hub, { network: 'tls', port: 0 });
    const authority = findOwnAuthority(hub.dataDir)!;
    const key = newKey();
    await using thief = createServer(
      { cert: authority.issue(key, ['bank.example'], Date.now()), key: keyText(key) },
      (_request, response) => void response.end('stolen'),
    ).listen(0, '127.0.0.1');
    await once(thief, 'listening');
    const thiefPort = (thief.address() as { port: number }).port;

    // As the guide for Linux says.
    await using home = await makeTempFolder();
    const database = path.join(home.path, '.pki/nssdb');
    await mkdir(database, { recursive: true });
    const inDatabase = (...words: string[]) => runTool('certutil', '-d', `sql:${database}`, ...words);
    await inDatabase('-N', '--empty-password');
    await inDatabase('-A', '-t', 'C,,', '-n', 'Watchline', '-i', path.join(hub.dataDir, 'ca.crt'));

    const isName = ({ hostname }: URL) => !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname);
    const near = origins.map((origin) => new URL(origin)).filter(({ protocol }) => protocol === 'https:');
    const mapped = ['bank.example', ...near.filter(isName).map(({ hostname }) => hostname)];
    await using browser = await chromium.launch({
      executablePath: findChromium()!,
      env: { ...process.env, HOME: home.path },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        `--host-resolver-rules=${mapped.map((name) => `MAP ${name} 127.0.0.1`).join(', ')}`,
      ],
    });
    const page = await browser.newPage();
    const open = (url: string) =>
      page.goto(url).then(
        (response) => response!.status(),
        (error: Error) => /ERR_\w+/.exec(error.message)![0],
      );
    for (const { origin } of [...near, new URL(`https://localhost:${listener.port}`)])
      expect([origin, await open(`${origin}/healthz`)]).toEqual([origin, 200]);
    expect(await open(`https://bank.example:${thiefPort}/`)).toBe('ERR_CERT_INVALID');
  },
);
