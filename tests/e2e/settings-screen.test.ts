/** Settings in a real browser: what is chosen lasts, log sources say what is wrong, and About asks only while it is shown. */
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { logSourceOf, observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;

beforeAll(async () => {
  hub = opened.use(await startTestHub({ pageDir: builtPageDir() }));
  hub.sink.describe(observedHost());
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time: Date.now() }) });
  const denied = {
    id: '/var/log/auth.log',
    state: 'denied',
    reason: 'Add this user to the group adm.',
  } as const;
  hub.sink.observe({ name: 'source', data: logSourceOf('web-1', denied) });
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
});
afterAll(() => opened.disposeAsync());

test('Ctrl with a comma opens it; a theme is worn at once and after a reload', async () => {
  await page.keyboard.press('Control+,');
  await until('settings', () => new URL(page.url()).pathname === '/settings');
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  const worn = () => page.evaluate(() => document.documentElement.dataset['theme']);
  expect(await worn()).toBe('dark');
  await page.reload();
  expect(await worn()).toBe('dark');
  await page.getByRole('radio', { name: 'System' }).check({ force: true });
  expect(await worn()).toBe('light');
});

test('network traffic in bytes is what the charts begin with', async () => {
  await page.getByRole('radio', { name: /^Bytes/ }).check({ force: true });
  await dashboard.go('/host/web-1');
  const toggle = page.getByRole('group', { name: 'Unit of network traffic' });
  await toggle.getByRole('button', { name: 'B/s', pressed: true }).waitFor();
});

test('a log source that is denied says what to do', async () => {
  await dashboard.go('/settings/sources');
  await page.getByText('1 source needs attention').waitFor();
  await page.getByText('Add this user to the group adm.').waitFor();
});

test('About shows what the hub costs, from its own numbers, and asks no more once it is left', async () => {
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/api/v1/hub'))));
  // The page's timers run when they are told to: what does not happen needs no waiting for.
  await page.clock.install();
  await dashboard.go('/settings');
  await page.getByRole('link', { name: 'About' }).click();
  const cost = page.getByRole('region', { name: 'Cost' });
  await cost.waitFor();
  await until('rates of two answers', async () => {
    await page.clock.runFor(1_000);
    return /CPU\s+\d+(\.\d+)? %/.test(await cost.innerText());
  });
  expect(await page.getByRole('region', { name: 'Hub' }).innerText()).toContain('0.0.0-test');
  expect(await page.getByRole('region', { name: 'Readers now' }).innerText()).toMatch(/HTTP\/1\.1\s+1/);
  const resident = Number(/Memory\s+(\d+)/.exec(await cost.innerText())![1]);
  expect(Math.abs(resident - process.memoryUsage.rss() / 2 ** 20)).toBeLessThan(100);

  await page.getByRole('link', { name: 'Appearance' }).click();
  await page.getByRole('radio', { name: 'Dark' }).waitFor({ state: 'attached' });
  const before = asked;
  await page.clock.runFor(20_000);
  // Whether the disk is full is asked on every screen, twice a minute.
  expect(asked - before).toBeLessThanOrEqual(1);
  await page.clock.resume();
});

test('G then S goes to Settings, and the palette to Events', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await until('settings', () => new URL(page.url()).pathname === '/settings');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('events');
  await page.keyboard.press('Enter');
  await until('events', () => new URL(page.url()).pathname === '/events');
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
