/** Adding a server: the line to paste, the live checklist of a real pairing, and every refusal as a sentence. */
import type { Locator, Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { pairSendingAgent } from '../support/sending-agent.ts';
import { until } from '../support/until.ts';

const states = (page: Page) =>
  page
    .locator('.step-list .step')
    .evaluateAll((steps) => steps.map((step) => (step as HTMLElement).dataset['state']));

async function openDialog(page: Page): Promise<Locator> {
  await page.locator('.rail-hosts .add').click();
  const dialog = page.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByText('Paste this in a terminal').waitFor();
  return dialog;
}

describe.skipIf(hasNoBrowser)('installing an agent', () => {
  it('ticks off what happens, to the first sample, and opens the host', async () => {
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const dialog = await openDialog(page);
    const line = await dialog.locator('.copy-line .line').textContent();
    expect(line).toContain(`--hub ${served.hub.origin}`);
    const code = /--code (\S+)/.exec(line!)![1]!;
    expect(await dialog.getByText('works for 1').textContent()).toContain(code);
    expect(await states(page)).toEqual(['now', 'todo', 'todo', 'todo']);

    const agent = await pairSendingAgent(served.hub, 'web-1', code);
    await until('paired', async () => (await states(page)).join() === 'done,done,done,now');
    await agent.describe();
    await agent.sample(42);
    await until('the first sample', async () => (await states(page)).join() === 'done,done,done,done');
    await dialog.getByRole('button', { name: 'Open web-1' }).click();
    await page.waitForURL('**/host/web-1');
    await page.getByText('Its agent (').waitFor();
    expect(dashboard.errors).toEqual([]);
  });

  it('says that a code was tried wrongly too often, and makes another', async () => {
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const dialog = await openDialog(page);
    const line = dialog.locator('.copy-line .line');
    const code = /--code (\S+)/.exec((await line.textContent())!)![1]!;
    const wrong = `${code.slice(0, 5)}${code.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(pairSendingAgent(served.hub, 'web-1', wrong)).rejects.toThrow();
    }
    await dialog.getByText('tried wrongly five times').waitFor();
    expect((await states(page))[0]).toBe('failed');
    await dialog.getByRole('button', { name: 'Make a new one' }).click();
    await line.waitFor();
    expect(await line.textContent()).not.toContain(code.slice(0, 4));
  });

  it('can be reached by keys alone, and gives focus back', async () => {
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await page.locator('.add-server-row').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add a server' });
    await dialog.waitFor();
    const focused = () => page.evaluate(() => (document.activeElement as HTMLInputElement).value);
    await until('focus on the first way', async () => (await focused()) === 'agent');
    await page.keyboard.press('ArrowRight');
    await dialog.getByLabel('Address or share link').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('add-server-row');
  });
});
