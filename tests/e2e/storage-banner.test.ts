/** A disk that is full: the page says so to who can do something about it, goes on streaming, and says so no longer when there is room. */
import { expect } from '@playwright/test';
import { test } from 'vitest';
import { builtPageDir, openDashboard } from '../support/dashboard-page.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { canMount, mountSmallDisk } from '../support/small-disk.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

test.runIf(await canMount())('a full disk shows, streaming goes on, and it recovers', async () => {
  await using disk = await mountSmallDisk(4 * 1024 * 1024);
  await using hub = await startTestHub({ dataDir: disk!.path, pageDir: builtPageDir() });
  hub.sink.describe(observedHost('web-1'));
  let at = 0;
  const observe = () =>
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', at++, { time: Date.now() }) });
  const trouble = async () => {
    const { history } = (await (await hub.get('/api/v1/hub')).json()) as {
      history: { trouble: string | null };
    };
    return history.trouble;
  };
  observe();
  await using dashboard = await openDashboard(hub);
  const { page } = dashboard;
  const row = page.getByRole('link', { name: /web-1/ }).first();
  await expect(row).toBeVisible();
  const banner = page.getByText(/History is not kept at this moment: .*ENOSPC/);
  await expect(banner).toBeHidden();

  const empty = disk!.fill();
  await until('the disk takes nothing any more', async () => {
    for (let count = 0; count < 50; count++) observe();
    return (await trouble()) !== null;
  });
  await page.reload();
  await expect(banner).toBeVisible();
  await expect(banner).toContainText('streaming goes on');
  await expect(row).toBeVisible();

  await empty();
  await until('it is written again', async () => {
    observe();
    return (await trouble()) === null;
  });
  await page.reload();
  await expect(row).toBeVisible();
  await expect(banner).toBeHidden();
});
