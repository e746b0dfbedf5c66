/**
 * The hub on a TLS port, in a real browser: one HTTP/2 connection carries more streams than HTTP/1.1 gives a host. Over TLS
 * Chromium asks for zstd as well.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { logLineOf, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const STREAMS = 10;

/** Kept apart from the built page: this is about the browser's own EventSource. */
const script = `
  const ticket = location.hash.split('=')[1];
  const body = JSON.stringify({ ticket });
  await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  window.lines = Array(${STREAMS}).fill(0);
  window.opened = 0;
  for (let number = 0; number < ${STREAMS}; number++) {
    const stream = new EventSource('/api/v1/stream?recent=0');
    stream.addEventListener('ready', () => window.opened++);
    stream.addEventListener('log', () => window.lines[number]++);
  }
`;

interface Counted {
  opened?: number;
  lines: number[];
}

test('ten EventSources of one page all live, over HTTP/2, and each event is there when its block is', async () => {
  await using folder = await makeTempFolder();
  await writeFile(path.join(folder.path, 'index.html'), '<script type="module" src="/streams.js"></script>');
  await writeFile(path.join(folder.path, 'streams.js'), script);
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({
    tls: 'self-signed',
    compression: 'on',
    pageDir: folder.path,
    observers: [observer],
  });
  // Nobody vouches for the certificate of a test.
  const browser = await launchBrowser(['--ignore-certificate-errors']);
  await using _closing = { [Symbol.asyncDispose]: () => browser.close() };
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(hub.launchUrl());

  const counted = () =>
    page.evaluate(() => {
      const { opened, lines } = globalThis as unknown as Counted;
      return { opened, lines };
    });
  await until('every stream', async () => (await counted()).opened === STREAMS);
  const metrics = await page.evaluate(async () => (await fetch('/metrics')).text());
  expect(metrics).toContain(`watchline_hub_compressed_streams{encoding="zstd"} ${STREAMS}\n`);
  for (let index = 1; index <= 20; index++) {
    observer.observe({ name: 'sample', data: sampleOf('web-1', index) });
    observer.observe({ name: 'log', data: logLineOf('web-1', index, { text: '='.repeat(7 * index) }) });
    await until(`line ${index} on every stream`, async () =>
      (await counted()).lines.every((count) => count === index),
    );
  }

  const numbers = (await page.evaluate(
    async () => (await fetch('/api/v1/hub')).json() as Promise<unknown>,
  )) as {
    connections: { h1: number; h2: number };
  };
  expect(numbers.connections).toMatchObject({ h1: 0, h2: STREAMS });
  expect(hub.troubles).toEqual([]);
});
