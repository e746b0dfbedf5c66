/** The cause of a spike of an hour ago, on a page that has seen none of it: all of it from what the hub kept. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from '@playwright/test';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { sampleOf } from '../support/observations.ts';
import { accepted, postJson } from '../support/post-note.ts';
import {
  describeSpikingHost,
  observeLines,
  observeProcesses,
  observeSamples,
  spikeBefore,
} from '../support/spiking-host.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
const spike = spikeBefore(Date.now() - 3_600_000);
let dashboard: DashboardPage;
let page: Page;

beforeAll(async () => {
  const folder = opened.use(await makeTempFolder());
  {
    await using before = await startTestHub({ dataDir: folder.path });
    describeSpikingHost(before.sink);
    observeSamples(before.sink, spike);
    observeProcesses(before.sink, spike);
    observeLines(before.sink, spike);
  }
  const hub: TestHub = opened.use(await startTestHub({ dataDir: folder.path, pageDir: builtPageDir() }));
  describeSpikingHost(hub.sink);
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time: Date.now() }) });
  await accepted(
    postJson(hub, '/api/v1/events', { title: 'nightly backup', time: spike.from - 800, host: 'web-1' }),
  );
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
  await dashboard.go(`/host/web-1?from=${spike.from - 3_000}&to=${spike.to + 3_000}`);
});
afterAll(() => opened.disposeAsync());

test('what changed, with the same ranking as from the samples themselves', async () => {
  const groups = page.getByRole('region', { name: 'What changed' }).locator('.group');
  await groups.first().waitFor();
  expect(await groups.nth(0).innerText()).toMatch(/^Disk sda write[\s\S]*KiB\/s[\s\S]*8\d\.\d MiB\/s/);
  expect(await groups.nth(1).innerText()).toMatch(/^CPU iowait[\s\S]*[56]\d\.\d %/);
});

test('what was running', async () => {
  const rows = page.getByRole('region', { name: 'What was running' }).locator('tr.running');
  await rows.first().waitFor();
  expect(await rows.nth(0).innerText()).toMatch(/^pg_dump\s*new[\s\S]*\d\d\.\d MiB\/s/);
});

test('what was running at the moment under the crosshair', async () => {
  const running = page.getByRole('region', { name: 'What was running' });
  await running.getByText('Moment', { exact: true }).click();
  // Of the end of the window, when the dump was over.
  await running.locator('.tag').waitFor();
  await until('what ran then', async () => (await running.locator('tr.running').count()) > 0);
  const chart = page.getByRole('region', { name: 'CPU', exact: true }).locator('canvas');
  const { x, y, width, height } = (await chart.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await until('the dump', async () =>
    /pg_dump[\s\S]*MiB/.test(await running.locator('tr.running').first().innerText()),
  );
  expect(await running.getByRole('columnheader', { name: 'Moment' }).count()).toBe(1);
  await running.getByText('Window', { exact: true }).click();
});

test('the lines of the window, from its beginning, and only those', async () => {
  const list = page.getByRole('region', { name: 'Logs', exact: true }).locator('.log-list');
  await list.getByText('CMD (pg_dump').waitFor();
  expect(await list.locator('.row').first().innerText()).not.toContain(
    `items/${(spike.begin / 1_000) % 97} `,
  );
  await list.focus();
  await page.keyboard.press('j');
  const first = await list.locator('.row').first().innerText();
  expect(await list.locator('.row.selected').innerText()).toBe(first);
  await page.keyboard.press('e');
  await list.getByText('upstream timed out').waitFor();
});

test('what the log said for the first time', async () => {
  await page.getByRole('region', { name: 'New in the logs' }).getByText('upstream timed out').waitFor();
});

test('the marker of that time is on the axis', async () => {
  await page
    .getByRole('button', { name: /nightly backup/ })
    .first()
    .waitFor();
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
