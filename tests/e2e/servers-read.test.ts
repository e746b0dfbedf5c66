/** Reading another hub: what stands there is shown before the token is sent, and every refusal is a sentence. */
import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

/** A hub of another machine, with a certificate that nobody vouches for. */
function startOtherHub(): Promise<TestHub> {
  const host = observedHost('far-1', { name: 'far-1', intervalMs: 60_000 });
  const sample = { name: 'sample' as const, data: sampleOf('far-1', 7, { time: Date.now() }) };
  return startTestHub({ tls: 'self-signed', observers: [new ScriptedObserver(host, [sample])] });
}

async function lookAt(page: Page, url: string, token: string): Promise<void> {
  await page.locator('.rail-hosts .add').click();
  await page.getByText('Read another hub', { exact: true }).click();
  await page.getByLabel('Address or share link').fill(url);
  await page.getByLabel('Token').fill(token);
  await page.keyboard.press('Enter');
}

describe.skipIf(hasNoBrowser)('reading another hub', () => {
  it('shows its fingerprint, reads it once that is confirmed, and stops when told to', async () => {
    await using other = await startOtherHub();
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await lookAt(page, other.origin, other.ownerToken);
    const shown = await page.locator('.read-hub .whole').textContent();
    expect(shown!.replaceAll('-', '')).toBe(other.certificate!.fingerprint.replaceAll(':', ''));
    await page.getByText('No authority vouches').waitFor();
    expect(await page.locator('.rail-host').count()).toBe(1);

    await page.getByRole('button', { name: 'It is the same, read it' }).click();
    await page.getByRole('button', { name: 'Open far-1' }).click();
    await page.getByText('Another hub (').waitFor();

    await dashboard.go('/settings/servers');
    await page.getByRole('button', { name: `Actions for ${other.origin}` }).click();
    await page.getByRole('button', { name: 'Stop reading' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop reading' }).click();
    await until('one host', async () => (await page.locator('.rail-host').count()) === 1);
    await page.getByText('No other hub is read.').waitFor();
    expect(dashboard.errors).toEqual([]);
  });

  it('says why it could not: nobody there, a wrong token', async () => {
    await using other = await startOtherHub();
    await using served = await startOverviewHub(['this-hub']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await lookAt(page, 'https://127.0.0.1:9', other.ownerToken);
    const refusal = page.locator('.read-hub .refusal');
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain('127.0.0.1:9');
    await page.getByLabel('Address or share link').fill(other.origin);
    await page.getByLabel('Token').fill('x'.repeat(43));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'It is the same, read it' }).click();
    await page.locator('.step[data-state="failed"]').waitFor();
    expect(await refusal.textContent()).toContain('token');
  });
});
