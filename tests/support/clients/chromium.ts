/** Chromium's own EventSource, in a page of the hub with its session cookie. */
import { chromium as playwright } from '@playwright/test';
import { findChromium } from '../../../scripts/launch/find-chromium.ts';
import type { ClientTask, StreamClient } from './stream-client.ts';

const executablePath = findChromium();

export const chromium: StreamClient = {
  name: "Chromium's EventSource",
  missing: executablePath === null ? 'Chromium' : null,
  survivesCuts: 'within',
  read: readInPage,
};

async function readInPage({ url, launchUrl, onLog }: ClientTask): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const browser = await playwright.launch({
    executablePath: executablePath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  opened.defer(() => browser.close());
  const page = await browser.newPage();
  const { origin } = new URL(url);
  await page.goto(`${origin}/healthz`);
  await page.exposeFunction('onLogs', (batch: string[]) => batch.forEach(onLog));
  await page.evaluate(
    async ({ streamUrl, ticket }) => {
      const answer = await fetch('/api/v1/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ticket }),
      });
      if (!answer.ok) throw new Error(`No session: ${answer.status}`);
      const batch: string[] = [];
      const hand = globalThis as unknown as { onLogs: (logs: string[]) => void };
      setInterval(() => hand.onLogs(batch.splice(0)), 50);
      const source = new EventSource(streamUrl);
      source.addEventListener('log', (event: MessageEvent<string>) => batch.push(event.data));
    },
    { streamUrl: url, ticket: launchUrl.split('#ticket=')[1] },
  );
  const closing = opened.move();
  return { [Symbol.asyncDispose]: () => closing.disposeAsync() };
}
