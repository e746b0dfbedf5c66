/** Settings > Servers with a real agent: naming, pausing, revoking, removing; and what other screens say of it. */
import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { pairSendingAgent, type SendingAgent } from '../support/sending-agent.ts';
import type { TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

interface OpenedServers extends AsyncDisposable {
  readonly hub: TestHub;
  readonly agent: SendingAgent;
  readonly page: Page;
  readonly errors: readonly string[];
}

/** The list of servers of a hub that watches its own machine and one with an agent, web-1. */
async function openServers(): Promise<OpenedServers> {
  await using opened = new AsyncDisposableStack();
  const { hub } = opened.use(await startOverviewHub(['this-hub']));
  const agent = await pairSendingAgent(hub, 'web-1');
  await agent.describe();
  await agent.sample(42);
  const { page, errors, go } = opened.use(await openDashboard(hub));
  await go('/settings/servers');
  const closing = opened.move();
  return { hub, agent, page, errors, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

async function choose(page: Page, host: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${host}` }).click();
  await page.getByRole('button', { name: action }).click();
}

describe.skipIf(hasNoBrowser)('the list of servers', () => {
  it('renames, groups and tags a host, everywhere at once', async () => {
    await using opened = await openServers();
    const { page } = opened;
    await choose(page, 'web-1', 'Rename, group, tags');
    await page.getByLabel('Name', { exact: false }).first().fill('Front door');
    await page.getByLabel('Group').fill('edge');
    await page.getByLabel('Tags').fill('eu, blue, eu');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const row = page.locator('.record-row', { hasText: 'Front door' });
    expect(await row.locator('.label').allTextContents()).toEqual(['edge', 'eu', 'blue']);
    await page.locator('.rail-hosts .fold', { hasText: 'edge' }).waitFor();
    await page.locator('.rail-host', { hasText: 'Front door' }).waitFor();
    expect(opened.errors).toEqual([]);
  });

  it('pauses and resumes an agent, and every screen says so', async () => {
    await using opened = await openServers();
    const { page, agent } = opened;
    await choose(page, 'web-1', 'Pause');
    await page.locator('.rail-host[title="web-1: Paused"]').waitFor();
    await choose(page, 'web-1', 'Resume');
    await agent.sample(43);
    await page.locator('.rail-host[title="web-1: Healthy"]').waitFor();
  });

  it('revokes an agent only after it was asked, and then the agent is shut out', async () => {
    await using opened = await openServers();
    const { page, agent } = opened;
    await choose(page, 'web-1', 'Revoke its agent');
    const dialog = page.getByRole('dialog', { name: 'Revoke the agent of web-1?' });
    await dialog.waitFor();
    // What is harmless has the focus: Enter on a dialog that popped up does no damage.
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await agent.trySample()).toBe(200);
    await choose(page, 'web-1', 'Revoke its agent');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.rail-host[title="web-1: Offline"]').waitFor();
    await page.locator('.record-row', { hasText: 'Its agent was revoked' }).waitFor();
    expect(await agent.trySample().catch(() => 403)).toBe(403);
  });

  it('removes a host: it vanishes, and an open page of it says so and leads back', async () => {
    await using opened = await openServers();
    const { page, errors } = opened;
    await using other = await openDashboard(opened.hub);
    await other.go('/host/web-1');
    await other.page.locator('.chart-panel').first().waitFor();
    await choose(page, 'web-1', 'Remove this host');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.locator('.rail-host', { hasText: 'web-1' }).waitFor({ state: 'detached' });
    await other.page.getByRole('heading', { name: 'web-1 was removed' }).waitFor();
    await other.page.getByRole('link', { name: 'Go to the overview' }).click();
    await until('the overview', () => new URL(other.page.url()).pathname === '/');
    expect([...errors, ...other.errors]).toEqual([]);
  });
});
