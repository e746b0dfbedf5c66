/** What comes late: samples in their place and marked, log lines together under a mark. */
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { pairSendingAgent } from '../support/sending-agent.ts';
import { until } from '../support/until.ts';

describe.skipIf(hasNoBrowser)('a host that catches up', () => {
  it('shows late samples at their time, and marks that they were late', async () => {
    await using served = await startOverviewHub(['this-hub']);
    const agent = await pairSendingAgent(served.hub, 'web-1');
    await agent.describe();
    await agent.sample(10);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await dashboard.go('/host/web-1');
    const cpu = page.locator('.chart-panel').first();
    await cpu.locator('canvas').waitFor();
    expect(await cpu.locator('.late-marks .mark').count()).toBe(0);
    await agent.backfill(40_000, 30);
    await cpu.locator('.late-marks .mark').waitFor({ state: 'attached' });
    expect(await cpu.locator('.late-marks .word').textContent()).toBe('came late');
    // What is read out of the chart is made of what is drawn.
    const plot = cpu.locator('.plot');
    await until('the late samples in the drawing', async () => {
      await plot.blur();
      await plot.focus();
      return (await cpu.locator('canvas').getAttribute('aria-label'))?.includes('peak 50.0 %');
    });
    expect(dashboard.errors).toEqual([]);
  });

  it('shows late log lines together, each with its mark', async () => {
    await using served = await startOverviewHub(['this-hub']);
    const agent = await pairSendingAgent(served.hub, 'web-1');
    await agent.describe();
    await agent.sample(10);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await dashboard.go('/logs');
    await page.locator('.follow-bar, .log-pane').first().waitFor();
    await agent.lateLine('from the spool', 60_000);
    const line = page.locator('.line-row', { hasText: 'from the spool' });
    await line.locator('.late').waitFor();
    await page.locator('.mark-line[data-kind="late"]', { hasText: '1 line of' }).waitFor();
  });
});
