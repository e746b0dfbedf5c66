/** Reading, pausing and zooming the charts of a host whose samples are known. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
const begin = Math.floor(Date.now() / 1000) * 1000 - 50_000;
const gapFrom = begin + 20_000;
const gapTo = begin + 30_000;
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;
let cpu: Locator;
let plot: Locator;

/** Second n is busy n %, seconds 20 to 30 are missing, and the host goes on living. */
beforeAll(async () => {
  hub = opened.use(await startTestHub({ pageDir: builtPageDir() }));
  hub.sink.describe(observedHost());
  for (let second = 0; second <= 48; second++) {
    if (second > 20 && second < 30) continue;
    observe(second);
  }
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
  cpu = page.getByRole('region', { name: 'CPU', exact: true });
  plot = cpu.locator('.plot');
});
afterAll(() => opened.disposeAsync());

/** Frozen on the known minute, so that every place on the plot is a known time. */
beforeEach(async () => {
  await dashboard.go(`/host/web-1?from=${begin - 10_000}&to=${begin + 50_000}`);
  await cpu.and(page.locator('[data-time]')).waitFor();
});

function observe(second: number): void {
  const sample = sampleOf('web-1', second, { time: begin + second * 1000 });
  hub.sink.observe({ name: 'sample', data: sample });
}

/** Where a time lies on the CPU plot, in pixels of the plot element. */
async function xOf(time: number): Promise<number> {
  const { width } = (await plot.boundingBox())!;
  const [left, right] = [72, width - 12];
  return left + ((time - (begin - 10_000)) / 60_000) * (right - left);
}

describe('reading', () => {
  test('the crosshair stands in every chart and tells the value of its time', async () => {
    await plot.hover({ position: { x: await xOf(begin + 12_000), y: 60 } });
    const readout = cpu.locator('.readout');
    await readout.waitFor();
    expect(await readout.innerText()).toMatch(/user\s+12\.0 %/);
    expect(await page.locator('.crosshair').count()).toBeGreaterThanOrEqual(4);
    expect(await cpu.locator('.legend').innerText()).toMatch(/user\s+12\.0 %/);
  });

  test('a gap reads as no data, with the reason once the hub has told it', async () => {
    await plot.hover({ position: { x: await xOf(begin + 25_000), y: 60 } });
    expect(await cpu.locator('.readout').innerText()).toMatch(/No data$/);
    hub.sink.observe({
      name: 'gap',
      data: { host: 'web-1', channel: 'metrics', reason: 'asleep', from: gapFrom, to: gapTo, count: null },
    });
    await until('the reason', async () => {
      await plot.hover({ position: { x: await xOf(begin + 26_000), y: 60 } });
      await plot.hover({ position: { x: await xOf(begin + 25_000), y: 60 } });
      return /No data \(asleep\)/.test(await cpu.locator('.readout').innerText());
    });
    expect(await cpu.locator('.legend').innerText()).not.toMatch(/\d/);
  });

  test('arrow keys step from sample to sample, and are read aloud', async () => {
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    await until('the newest value read', async () =>
      /user 48\.0 %/.test((await cpu.locator('[aria-live]').textContent()) ?? ''),
    );
    await page.keyboard.press('ArrowLeft');
    await until('the value before it', async () =>
      /user 47\.0 %/.test((await cpu.locator('[aria-live]').textContent()) ?? ''),
    );
    expect(await cpu.getByRole('img').getAttribute('aria-label')).toMatch(
      /^CPU, 60 s: user now 48\.0 %, peak 48\.0 %/,
    );
  });

  test('T turns the chart into a table of the same samples', async () => {
    await plot.focus();
    await page.keyboard.press('t');
    const table = cpu.getByRole('table');
    await table.waitFor();
    expect(await table.getByRole('row').nth(1).innerText()).toMatch(/48\.0 %/);
    expect(await table.getByRole('row').count()).toBe(1 + 40);
  });
});

describe('moving in time', () => {
  test('a drag zooms every chart to its span, frozen; a double click goes back to live', async () => {
    const { x, y } = (await plot.boundingBox())!;
    await page.mouse.move(x + (await xOf(begin)), y + 60);
    await page.mouse.down();
    await page.mouse.move(x + (await xOf(begin + 10_000)), y + 60, { steps: 4 });
    expect(await cpu.locator('.selection').count()).toBe(1);
    await page.mouse.up();
    const span = await until('another span in the address', () => {
      const { from, to } = spanShown();
      return to - from < 20_000 ? { from, to } : null;
    });
    expect(Math.abs(span.from - begin)).toBeLessThan(500);
    expect(Math.abs(span.to - begin - 10_000)).toBeLessThan(500);
    await page.getByText(/^Paused at/).waitFor();
    await plot.dblclick({ position: { x: 200, y: 60 } });
    await until('live', () => !new URL(page.url()).searchParams.has('from'));
  });

  test('the same by keys: plus zooms, Shift and an arrow pan, nought is live', async () => {
    await plot.focus();
    await page.keyboard.press('+');
    await until('half the span', () => Math.abs(length() - 30_000) < 5);
    const before = spanShown().from;
    await page.keyboard.press('Shift+ArrowLeft');
    await until('an earlier span', () => spanShown().from < before);
    await page.keyboard.press('0');
    await until('live', () => !new URL(page.url()).searchParams.has('from'));
  });

  test('the wheel alone scrolls the page, with Ctrl it zooms', async () => {
    await plot.hover({ position: { x: 300, y: 60 } });
    await page.mouse.wheel(0, 100);
    await until('a scrolled page', () => page.locator('main').evaluate((main) => main.scrollTop > 0));
    expect(length()).toBe(60_000);
    await page.locator('main').evaluate((main) => (main.scrollTop = 0));
    await plot.hover({ position: { x: 300, y: 60 } });
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await until('a shorter span', () => length() < 60_000);
  });

  function spanShown(): { from: number; to: number } {
    const { searchParams } = new URL(page.url());
    return { from: Number(searchParams.get('from')), to: Number(searchParams.get('to')) };
  }

  function length(): number {
    const { from, to } = spanShown();
    return to - from;
  }
});

test('a theme switch redraws the canvases at once', async () => {
  const colourOfBusyTime = async (): Promise<string> => {
    const x = await xOf(begin + 45_000);
    return cpu.locator('canvas').evaluate((element, cssX) => {
      const canvas = element as HTMLCanvasElement;
      const y = canvas.height - 22 * devicePixelRatio - 12;
      return [...canvas.getContext('2d')!.getImageData(cssX * devicePixelRatio, y, 1, 1).data].join();
    }, x);
  };
  const light = await until('a filled area', async () => {
    const colour = await colourOfBusyTime();
    return colour.endsWith(',0') ? null : colour;
  });
  await page.emulateMedia({ colorScheme: 'dark' });
  await until('other colours', async () => (await colourOfBusyTime()) !== light);
  await page.emulateMedia({ colorScheme: 'light' });
  await until('the first colours again', async () => (await colourOfBusyTime()) === light);
});

test('a new sample is drawn while live, without anything being touched', async () => {
  await dashboard.go('/host/web-1');
  await cpu.and(page.locator('[data-time]')).waitFor();
  for (const second of [49, 50]) {
    observe(second);
    await until(`second ${second} in the chart`, async () => {
      return Number(await cpu.getAttribute('data-time')) === begin + second * 1000;
    });
    expect(await cpu.locator('.headline').innerText()).toBe(`${second}.0 %`);
  }
});

test('hardware that is missing has no chart', async () => {
  expect(await page.getByRole('region', { name: 'Temperature', exact: true }).count()).toBe(0);
  expect(
    await page.getByRole('region', { name: 'Memory', exact: true }).locator('.legend').innerText(),
  ).not.toMatch(/swap/);
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
