/** A hundred hosts: worst first and still, found by search, folded by group, drawn only where they are seen. */
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { sampleOf } from '../support/observations.ts';
import { startOverviewHub, type OverviewHub } from '../support/overview-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let served: OverviewHub;
let dashboard: DashboardPage;
let page: Page;

const ids = Array.from({ length: 100 }, (_, index) => `web-${String(index + 1).padStart(3, '0')}`);
const { memory } = sampleOf();
const full = { memory: { ...memory, usedBytes: memory.totalBytes * 0.99 } };

const names = () => page.locator('.host-row .name').allTextContents();

beforeAll(async () => {
  if (hasNoBrowser) return;
  served = opened.use(await startOverviewHub(ids));
  dashboard = opened.use(await openDashboard(served.hub));
  page = dashboard.page;
});
afterAll(() => opened.disposeAsync());

describe.skipIf(hasNoBrowser)('the overview of a hundred hosts', () => {
  it('lists all, draws what is seen, and asks the hub for a minute of each', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await dashboard.go('/');
    await page.locator('.host-row canvas').first().waitFor();
    expect(await page.locator('.host-row').count()).toBe(100);
    const drawn = await page.locator('.host-row:has(canvas)').count();
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThan(50);
    expect(asked.find((url) => url.includes('/api/v1/stream'))).toContain('recent=60');
    expect(asked.filter((url) => url.includes('recent=900'))).toEqual([]);
    // What scrolls into sight is drawn then.
    await page.locator('.host-row').last().scrollIntoViewIfNeeded();
    await page.locator('.host-row').last().locator('canvas').first().waitFor();
    expect(dashboard.errors).toEqual([]);
  });

  it('asks for a quarter of an hour of a host that is opened', async () => {
    await dashboard.go('/');
    await page.locator('.host-row').first().waitFor();
    const question = page.waitForRequest((request) => request.url().includes('recent=900'));
    await page.locator('.host-row a').first().click();
    expect(new URL((await question).url()).searchParams.get('hosts')).toBe('web-001');
  });

  it('brings up what gets worse, but moves nothing under the pointer', async () => {
    await dashboard.go('/');
    await page.locator('.host-row').first().waitFor();
    served.feed('web-050', 10, full);
    await until('web-050 on top', async () => (await names())[0] === 'web-050');
    await page.locator('.host-row').nth(3).hover();
    const before = await names();
    served.feed('web-070', 10, full);
    await page
      .locator('.host-row', { hasText: 'web-070' })
      .locator('.status-shape[aria-label="Warning"]')
      .waitFor();
    expect(await names()).toEqual(before);
    await page.mouse.move(10, 10);
    await until('web-070 up', async () => (await names()).slice(0, 2).join() === 'web-050,web-070');
  });

  it('finds hosts, keeps the search in the address, and folds groups', async () => {
    await askAsOwner(served.hub, 'PATCH', '/api/v1/hosts/web-007', { group: 'edge' });
    await dashboard.go('/');
    const head = page.getByRole('button', { name: /edge/ }).last();
    await head.waitFor();
    await head.click();
    expect(await head.getAttribute('aria-expanded')).toBe('false');
    await until('folded', async () => !(await names()).includes('web-007'));
    await page.reload();
    await page.locator('.host-row').first().waitFor();
    expect(await names()).not.toContain('web-007');
    await page.locator('.overview-screen').getByLabel('Search hosts').fill('edge');
    await until('the one found', async () => (await names()).join() === 'web-007');
    expect(new URL(page.url()).searchParams.get('q')).toBe('edge');
    await page.locator('.overview-screen').getByLabel('Search hosts').fill('nowhere');
    await page.getByText('No host matches').waitFor();
    await page.getByRole('button', { name: 'Show all hosts' }).click();
    await until('all but the folded', async () => (await names()).length === 99);
  });
});
