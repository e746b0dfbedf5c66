/** Travelling through the history of a host: hours and days back, finer and coarser, by drags, wheel, buttons and fields. */
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { keepPast, pastSample } from '../support/past-machine.ts';
import { pairSendingAgent } from '../support/sending-agent.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const now = Math.floor(Date.now() / MINUTE) * MINUTE;
/** The hour around it is what most tests look at. */
const spike = { from: now - 5 * HOUR, to: now - 5 * HOUR + 4 * MINUTE };
const asleep = { from: now - 3 * HOUR, to: now - 2.5 * HOUR };
const around = { from: spike.from - 30 * MINUTE, to: spike.from + 30 * MINUTE };
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;
let cpu: Locator;
let plot: Locator;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await makeTempFolder());
  await mkdir(dataDir, { recursive: true });
  await keepPast(
    dataDir,
    'web-1',
    [
      { from: now - 26 * HOUR, to: now - 6 * HOUR, intervalMs: 10 * SECOND },
      { from: now - 6 * HOUR, to: asleep.from, intervalMs: 5 * SECOND },
      { from: asleep.to, to: now - 2 * MINUTE, intervalMs: 5 * SECOND },
    ],
    [spike],
  );
  await keepPast(dataDir, 'old-1', [{ from: around.from, to: around.to, intervalMs: 10 * SECOND }]);
  const slept = { what: 'gap', host: 'web-1', ...asleep, reason: 'asleep' };
  await appendFile(path.join(dataDir, 'chronicle.ndjson'), `${JSON.stringify(slept)}\n`);
  hub = opened.use(await startTestHub({ dataDir, pageDir: builtPageDir() }));
  hub.sink.describe(observedHost('web-1', { intervalMs: 5 * SECOND }));
  for (let time = now - 2 * MINUTE; time <= now; time += 5 * SECOND) observe(time);
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
  cpu = page.getByRole('region', { name: 'CPU', exact: true });
  plot = cpu.locator('.plot');
});
afterAll(() => opened.disposeAsync());

function observe(time: number): void {
  hub.sink.observe({ name: 'sample', data: pastSample('web-1', time) });
}

async function show({ from, to }: { from: number; to: number }): Promise<void> {
  await dashboard.go(`/host/web-1?from=${from}&to=${to}`);
  await cpu.and(page.locator('[data-time]')).waitFor();
}

function shown(): { from: number; to: number } {
  const { searchParams } = new URL(page.url());
  return { from: Number(searchParams.get('from')), to: Number(searchParams.get('to')) };
}

/** From now on every address that the page gives itself is noted. */
async function watchAddress(): Promise<void> {
  await page.evaluate(() => {
    const addresses = new Set<string>();
    Object.assign(window, { addresses });
    for (const name of ['pushState', 'replaceState'] as const) {
      const own = history[name].bind(history);
      history[name] = (...parts) => {
        own(...parts);
        addresses.add(location.href);
      };
    }
  });
}

async function addressesSeen(): Promise<number> {
  return page.evaluate(() => (window as unknown as { addresses: Set<string> }).addresses.size);
}

/** Turns by the page itself: no pause between them is long enough to be an end, however slow the machine is. */
async function turnWheel(clientX: number, clientY: number, turns: number): Promise<void> {
  await plot.evaluate(
    async (element, { at, count }) => {
      for (let turn = 0; turn < count; turn++) {
        element.dispatchEvent(
          new WheelEvent('wheel', { ...at, deltaY: -100, ctrlKey: true, bubbles: true, cancelable: true }),
        );
        await new Promise((resolve) => setTimeout(resolve));
      }
    },
    { at: { clientX, clientY }, count: turns },
  );
}

/** Pixels of the page at which a time lies in the CPU plot. */
async function placeOf(time: number, span = shown()): Promise<{ x: number; y: number }> {
  const { x, y, width } = (await plot.boundingBox())!;
  const share = (time - span.from) / (span.to - span.from);
  return { x: x + 72 + share * (width - 12 - 72), y: y + 50 };
}

async function hover(time: number, span = shown()): Promise<string> {
  const { x, y } = await placeOf(time, span);
  await page.mouse.move(x, y);
  return (await cpu.locator('.readout').textContent()) ?? '';
}

/** The share of the CPU that waited for disks, as the readout at a time says; null: there is none. */
async function iowaitAt(time: number, span = shown()): Promise<number | null> {
  const row = /iowait\s*([\d.]+) %/.exec(await hover(time, span));
  return row === null ? null : Number(row[1]);
}

async function drag(from: number, to: number, span = shown()): Promise<void> {
  const [start, end] = [await placeOf(from, span), await placeOf(to, span)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await page.mouse.up();
}

describe('a window of the past', () => {
  test('shows what was kept, in every chart', async () => {
    await show(around);
    const value = await until('the spike', async () => {
      const iowait = await iowaitAt(spike.from + 2 * MINUTE);
      return iowait !== null && iowait > 40 ? iowait : null;
    });
    expect(value).toBeLessThan(55);
    expect(await iowaitAt(spike.from - 10 * MINUTE)).toBeLessThan(10);
    const disk = page.getByRole('region', { name: 'Disk I/O', exact: true });
    await hover(spike.from + 2 * MINUTE);
    expect(await disk.locator('.legend').innerText()).toMatch(/write\s+\d+(\.\d+)? MiB\/s/);
  });

  test('tells means, and how far the samples behind them reach; zoomed in, the samples', async () => {
    await show({ from: now - 25 * HOUR, to: now - HOUR });
    await until('a mean with its reach', async () => {
      await hover(now - 10 * HOUR);
      return (await cpu.locator('.readout .between').count()) > 0;
    });
    await show(around);
    await until('the spike', async () => (await iowaitAt(spike.from + 2 * MINUTE)) !== null);
    await drag(spike.from - 2 * MINUTE, spike.from + 6 * MINUTE);
    await until('the window of the drag', () => shown().to - shown().from < 10 * MINUTE);
    await until('the samples', async () => Number(await cpu.getAttribute('data-step')) <= 5 * SECOND);
    const told = await iowaitAt(spike.from + 90 * SECOND);
    const time = Number(await cpu.getAttribute('data-time'));
    expect(Math.abs(time - (spike.from + 90 * SECOND))).toBeLessThanOrEqual(3 * SECOND);
    const sampled = Math.floor(time / (5 * SECOND)) * 5 * SECOND;
    expect(told).toBeCloseTo(pastSample('web-1', sampled, [spike]).cpu.iowait, 0);
    expect(await cpu.locator('.readout .between').count()).toBe(0);
  });

  test('a stretch without samples reads as such, with its reason', async () => {
    await show({ from: asleep.from - HOUR, to: asleep.to + HOUR });
    await until('the reason', async () => /No data \(asleep\)/.test(await hover(asleep.from + 10 * MINUTE)));
    await until('what is around it', async () => (await iowaitAt(asleep.from - 20 * MINUTE)) !== null);
  });
});

test('a host that went away before this hub began has all its charts where it has a past', async () => {
  hub.sink.describe(observedHost('old-1', { intervalMs: 10 * SECOND }));
  await dashboard.go(`/host/old-1?from=${around.from}&to=${around.to}`);
  for (const name of ['CPU', 'Disk I/O', 'Load', 'Disk utilisation'])
    await page.getByRole('region', { name, exact: true }).waitFor();
  const span = { from: around.from, to: around.to };
  await until('its numbers', async () => (await iowaitAt(around.from + 10 * MINUTE, span)) !== null);
  const use = page.getByRole('region', { name: 'Disk utilisation', exact: true });
  await use.scrollIntoViewIfNeeded();
  await until('its disk', async () => /sda\s+[\d.]+ %/.test(await use.locator('.legend').innerText()));
});

test('disk space is that of the end of the window; where nobody kept it, that is said', async () => {
  const space = page.getByRole('region', { name: 'Disk space', exact: true });
  await show({ from: around.from, to: spike.from + 2 * MINUTE });
  await space.getByText('80.0 %', { exact: true }).waitFor();
  expect(await space.getByText(/^At .*\d\d:\d\d:\d\d$/).count()).toBe(1);
  await space.getByText('20.0 GiB free').waitFor();
  await show(around);
  await space.getByText('40.0 %', { exact: true }).waitFor();
  // Kept in buckets of ten seconds.
  await show({ from: now - 25.5 * HOUR, to: now - 25 * HOUR });
  await space.getByText('40.0 %', { exact: true }).waitFor();
  // Of another day, and it says of which.
  expect(await space.getByText(/^At [A-Z][a-z]+ \d+ \d\d:\d\d:\d\d$/).count()).toBe(1);
  await show({ from: asleep.from, to: asleep.to - 10 * MINUTE });
  await space.getByText('Disk space of this time is not known.').waitFor();
  expect(await space.getByRole('listitem').count()).toBe(0);
});

describe('moving on', () => {
  test('Shift and a drag pan, and Back leads to where it began', async () => {
    await show(around);
    await until('data', async () => (await iowaitAt(spike.from + MINUTE)) !== null);
    const before = await page.evaluate(() => history.length);
    await page.keyboard.down('Shift');
    await drag(spike.from, spike.from + 20 * MINUTE);
    await page.keyboard.up('Shift');
    await until('another span', () => shown().from !== around.from);
    expect(Math.abs(shown().from - (around.from - 20 * MINUTE))).toBeLessThan(MINUTE);
    expect(shown().to - shown().from).toBe(HOUR);
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
    await until('what was kept there', async () => (await iowaitAt(shown().from + 5 * MINUTE)) !== null);
    await page.goBack();
    await until('the beginning', () => shown().from === around.from);
  });

  test('a pan whose pointer rests on its way is one step of the history', async () => {
    await show(around);
    const [start, end] = [await placeOf(spike.from), await placeOf(spike.from + 20 * MINUTE)];
    await page.keyboard.down('Shift');
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move((start.x + end.x) / 2, end.y, { steps: 4 });
    await until('the page to follow', () => shown().from !== around.from);
    // Longer than the steps of a journey may be apart.
    const restedAt = await page.evaluate(() => performance.now());
    await page.waitForFunction((since) => performance.now() - since > 1_600, restedAt);
    const between = shown().from;
    await page.mouse.move(end.x, end.y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await until('the page to follow', () => shown().from !== between);
    await page.goBack();
    await until('the beginning', () => shown().from === around.from);
  });

  test('Mod and the wheel zoom around the pointer; the address follows once, in one step of the history', async () => {
    await show(around);
    const { x, y } = await placeOf(spike.from);
    const before = await page.evaluate(() => history.length);
    await watchAddress();
    await turnWheel(x, y, 5);
    await until('a shorter span', () => shown().to - shown().from < 25 * MINUTE);
    // Where it ended; none of the turns between.
    expect(await addressesSeen()).toBeLessThanOrEqual(2);
    const { from, to } = shown();
    expect(Math.abs((spike.from - from) / (to - from) - 0.5)).toBeLessThan(0.02);
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(before + 2);
    for (let turn = 0; turn < 12; turn++) {
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, 100);
      await page.keyboard.up('Control');
    }
    await until('hours', () => shown().to - shown().from > 3 * HOUR);
    await until('what was kept of them', async () => (await iowaitAt(shown().from + 20 * MINUTE)) !== null);
  });

  test('the same by buttons and fields', async () => {
    await show(around);
    await page.getByRole('button', { name: 'Another range' }).click();
    await page.getByRole('button', { name: 'Earlier (Shift and left arrow)' }).click();
    await until('an hour before', () => shown().to === around.from);
    await page.getByRole('button', { name: 'Zoom in (+)' }).click();
    await until('half an hour', () => shown().to - shown().from === HOUR / 2);
    await page.getByLabel('From', { exact: true }).fill('2001-01-01T00:00:00');
    await page.getByRole('button', { name: 'Show this range' }).click();
    await page.getByRole('alert').getByText('two years').waitFor();
    const local = (time: number): Promise<string> =>
      page.evaluate((at) => {
        const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
        return date.toISOString().slice(0, 19);
      }, time);
    await page.getByLabel('From', { exact: true }).fill(await local(spike.from));
    await page.getByLabel('To', { exact: true }).fill(await local(spike.to));
    await page.getByRole('button', { name: 'Show this range' }).click();
    await until('exactly this range', () => shown().from === spike.from && shown().to === spike.to);
    await page.getByText('4 min shown').waitFor();
  });
});

describe('live', () => {
  test('a day of the past flows into what the page sees itself', async () => {
    await dashboard.go('/host/web-1?window=24h');
    await cpu.and(page.locator('[data-time]')).waitFor();
    const day = () => ({ from: Date.now() - 24 * HOUR, to: Date.now() });
    await until('yesterday', async () => (await iowaitAt(now - 20 * HOUR, day())) !== null);
    await page.mouse.move(0, 0);
    observe(now + 5 * SECOND);
    await until(
      'the newest sample',
      async () => Number(await cpu.getAttribute('data-time')) === now + 5 * SECOND,
    );
    expect(await page.getByText(/^Paused at/).count()).toBe(0);
  });

  test('Back returns to a window that was left for the present, and Forward to the present', async () => {
    await dashboard.go('/host/web-1?window=24h');
    await cpu.and(page.locator('[data-time]')).waitFor();
    const length = () => page.evaluate(() => history.length);
    const before = await length();
    // What is only frozen is no place of its own.
    await page.keyboard.press('Space');
    await page.getByText(/^Paused at/).waitFor();
    await page.keyboard.press('l');
    await page.getByText(/^Paused at/).waitFor({ state: 'detached' });
    expect(await length()).toBe(before);
    await drag(now - 20 * HOUR, now - 10 * HOUR, { from: now - 24 * HOUR, to: now });
    await until('the window of the drag', () => shown().to > 0);
    const chosen = shown();
    await page.keyboard.press('l');
    await until('the present', () => !page.url().includes('from='));
    await page.goBack();
    await until('the window again', () => shown().from === chosen.from && shown().to === chosen.to);
    await page.getByText(/^Paused at/).waitFor();
    await page.goForward();
    await until('the present again', () => !page.url().includes('from='));
  });

  test('Space freezes it, and L goes back', async () => {
    await page.mouse.move(0, 0);
    await page.keyboard.press('Space');
    await page.getByText(/^Paused at/).waitFor();
    await page.getByText('24 h shown').waitFor();
    await page.keyboard.press('l');
    await until('live', () => !new URL(page.url()).searchParams.has('from'));
  });
});

test('one crosshair stands in the charts and between the log lines', async () => {
  const base = now - 40 * SECOND;
  for (let line = 0; line < 4; line++) {
    const data = logLineOf('web-1', line, { time: base + line * 10 * SECOND, text: `line ${line}` });
    hub.sink.observe({ name: 'log', data });
  }
  await show({ from: now - 2 * MINUTE, to: now });
  const logs = page.getByRole('region', { name: 'Logs', exact: true });
  const line = logs.locator('.row', { hasText: 'line 1' });
  await line.waitFor();
  await line.hover();
  await until(
    'the crosshair in the charts',
    async () => (await page.locator('.plot > .crosshair').count()) >= 4,
  );
  expect(Math.abs(Number(await cpu.getAttribute('data-time')) - (base + 10 * SECOND))).toBeLessThan(
    5 * SECOND,
  );
  await hover(base + 15 * SECOND);
  const rule = logs.locator('.log-list .crosshair');
  await rule.waitFor();
  await page.mouse.move(0, 0);
  await rule.waitFor({ state: 'detached' });
});

test('what comes late lands where it belongs, and says that it was late', async () => {
  const agent = await pairSendingAgent(hub, 'late-1');
  await agent.describe();
  await agent.sample(10);
  const span = { from: now - HOUR, to: now - 20 * MINUTE };
  await dashboard.go(`/host/late-1?from=${span.from}&to=${span.to}`);
  await plot.waitFor();
  const late = now - 40 * MINUTE;
  await until('an empty hour', async () => /No data/.test(await hover(late + 15 * SECOND, span)));
  await agent.backfill(Date.now() - late, 30);
  await until('the late samples', async () => /user\s*50\.0 %/.test(await hover(late + 15 * SECOND, span)));
  await cpu.locator('.late-marks .mark').waitFor({ state: 'attached' });
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
