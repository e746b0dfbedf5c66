/** The Host screen shows this machine's real numbers, moving. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostsAnswer } from '../../shared/snapshot.ts';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { testMachineAgent } from '../support/test-machine-agent.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let dashboard: DashboardPage;

beforeAll(async () => {
  const folder = opened.use(await makeTempFolder());
  hub = opened.use(
    await startTestHub({ pageDir: builtPageDir(), observers: [testMachineAgent(folder.path)] }),
  );
  dashboard = opened.use(await openDashboard(hub));
  const host = await until('the first sample', async () => (await newest()) ?? null);
  await dashboard.go(`/host/${host.host.id}`);
  await dashboard.page.getByRole('region', { name: 'CPU', exact: true }).waitFor();
});
afterAll(() => opened.disposeAsync());

async function newest() {
  const answer = hostsAnswer.parse(await (await hub.get('/api/v1/hosts')).json());
  return answer.hosts.find((each) => each.sample !== null);
}

/** Pixels of a chart's canvas that are anything but empty, inside the plot. */
function paintedShare(title: string): Promise<number> {
  return dashboard.page
    .getByRole('region', { name: title, exact: true })
    .locator('canvas')
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      // The last tenth before the right edge: that is where the newest samples are.
      const left = Math.floor(width * 0.85);
      const pixels = canvas.getContext('2d')!.getImageData(left, 0, Math.floor(width * 0.1), height).data;
      let painted = 0;
      for (let i = 3; i < pixels.length; i += 4) if (pixels[i]! > 0) painted++;
      return painted / (pixels.length / 4);
    });
}

test('values follow the machine: newest sample, memory, cores', async () => {
  const { page } = dashboard;
  const memory = page.getByRole('region', { name: 'Memory', exact: true });
  const firstTime = Number(await memory.getAttribute('data-time'));
  await until(
    'a newer sample in the chart',
    async () => Number(await memory.getAttribute('data-time')) > firstTime,
  );

  const told = (await newest())!;
  const used = told.sample!.memory.usedBytes / told.sample!.memory.totalBytes;
  const shown = Number.parseFloat(await memory.locator('.headline').innerText());
  expect(Math.abs(shown - 100 * used)).toBeLessThan(5);
  const labels = await page.getByRole('region', { name: 'Cores', exact: true }).count();
  expect(labels).toBe(1);
});

test('canvases are painted where the newest samples are', async () => {
  const painted = await until('a painted memory chart', async () => {
    const share = await paintedShare('Memory');
    return share > 0.02 ? share : null;
  });
  expect(painted).toBeGreaterThan(0.02);
});

test('this very process is in the table', async () => {
  const { page } = dashboard;
  await page.getByLabel('Filter by name, command, user or pid').fill('chromium');
  await page.locator('tr.process').first().waitFor();
  expect(await page.locator('tr.process').first().innerText()).toMatch(/\d/);
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
