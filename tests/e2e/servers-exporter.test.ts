/** A node_exporter is added in the dialog, becomes a host, and is let go of; a place to write samples to is added and tells how it goes. */
import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { startFakeExporter } from '../support/peers/fake-exporter.ts';
import { startWriteReceiver } from '../support/peers/write-receiver.ts';
import { until } from '../support/until.ts';

async function addExporter(page: Page, url: string): Promise<void> {
  await page.locator('.rail-hosts .add').click();
  await page.getByText('Ask a node_exporter', { exact: true }).click();
  await page.getByLabel('Address', { exact: true }).fill(url);
  await page.getByText('1 s', { exact: true }).click();
  await page.keyboard.press('Enter');
}

describe.skipIf(hasNoBrowser)('other tools', () => {
  it('what was typed stands there to be changed, though an answer comes late about what was let go of', async () => {
    await using exporter = await startFakeExporter();
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    exporter.misbehave = (_, answer) => void answer.writeHead(401).end();
    await addExporter(page, exporter.origin);
    const [asked, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await page.route('**/api/v1/exporters', async (route) => {
      if (route.request().method() !== 'GET') return await route.continue();
      const response = await route.fetch();
      asked.resolve();
      await late.promise;
      await route.fulfill({ response });
    });
    await asked.promise;
    await page.getByRole('button', { name: 'Change it' }).click();
    const field = page.getByLabel('Address', { exact: true });
    await field.waitFor();
    const answered = page.waitForResponse('**/api/v1/exporters');
    late.resolve();
    await (await answered).finished();
    // Whatever the page makes of it.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    expect(await field.inputValue()).toBe(exporter.origin);
  });

  it('a node_exporter becomes a host; samples are written to another place', async () => {
    await using exporter = await startFakeExporter();
    await using receiver = await startWriteReceiver();
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    exporter.misbehave = (_, answer) => void answer.writeHead(401).end();
    await addExporter(page, exporter.origin.replace('http://', ''));
    await page.locator('.step[data-state="failed"]').waitFor();
    await page.getByRole('alert').getByText('refused the secret (401)').waitFor();
    exporter.misbehave = null;
    await page.getByRole('button', { name: 'Change it' }).click();
    // What was typed is still there.
    const field = page.getByLabel('Address', { exact: true });
    await until('the form', () => field.evaluate((input) => input === document.activeElement));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open rack-7' }).click();
    await page.getByText('node_exporter 1.5.0').waitFor();
    await page.getByText('A node_exporter tells no processes.').waitFor();
    await page.getByText('A node_exporter tells no lines.').waitFor();

    await dashboard.go('/settings/metrics');
    await page.getByRole('button', { name: 'Add a place' }).click();
    const address = page.getByRole('dialog').getByLabel('Address');
    await address.fill(receiver.origin);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('has no path').waitFor();
    await address.fill(`${receiver.origin}/api/v1/write`);
    await page.keyboard.press('Enter');
    await page.getByText('Live since').waitFor();
    await until('something was written', () => receiver.series.length > 0);

    await dashboard.go('/settings/servers');
    await page.getByRole('button', { name: `Actions for ${exporter.origin}/metrics` }).click();
    await page.getByRole('button', { name: 'Stop asking' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop asking' }).click();
    await page.getByText('No node_exporter is asked.').waitFor();
    await until('one host', async () => (await page.locator('.rail-host').count()) === 1);
    // The address without a path was refused, as it was to be.
    expect(dashboard.errors.filter((error) => !error.includes('status of 400'))).toEqual([]);
  });
});
