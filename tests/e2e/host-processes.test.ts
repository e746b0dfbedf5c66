/** The process table of the Host screen: sorting, filtering, holding still, and names that want to do harm. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '@playwright/test';
import type { ProcessRow } from '../../shared/schema/processes.ts';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;
let tables = 0;

const hostileName = '<img src=x onerror="window.hacked=1">';
const hostileCommand = '<script>window.hacked=2</script> \u001b[31m \u202etxt.exe\u0007';

const people: Partial<ProcessRow>[] = [
  {
    pid: 11,
    name: 'busy',
    command: '/opt/busy --loop',
    user: 'ana',
    cpuPercent: 80,
    residentBytes: 10 * 2 ** 20,
  },
  { pid: 22, name: 'large', command: '/opt/large', user: 'ben', cpuPercent: 5, residentBytes: 900 * 2 ** 20 },
  {
    pid: 33,
    name: 'writer',
    command: '/opt/writer',
    user: 'cat',
    cpuPercent: 1,
    residentBytes: 2 ** 20,
    readBytesPerSecond: 0,
    writeBytesPerSecond: 5 * 2 ** 20,
  },
  {
    pid: 44,
    name: hostileName,
    command: hostileCommand,
    user: 'mallory',
    state: 'D',
    cpuPercent: 0.5,
    residentBytes: 2 ** 20,
  },
];

beforeAll(async () => {
  hub = opened.use(await startTestHub({ pageDir: builtPageDir() }));
  hub.sink.describe(observedHost());
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time: Date.now() }) });
  tell(people);
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
  await dashboard.go('/host/web-1');
  await page.locator('tr.process').first().waitFor();
});
afterAll(() => opened.disposeAsync());

function tell(rows: Partial<ProcessRow>[], time?: number): void {
  const table = processesOf('web-1', tables++);
  hub.sink.observe({
    name: 'processes',
    data: {
      ...table,
      time: time ?? table.time,
      total: 80,
      rows: rows.map((row) => ({ ...table.rows[0]!, ...row })),
    },
  });
}

function pids(): Promise<string[]> {
  return page.locator('tr.process td.pid').allInnerTexts();
}

async function untilOrder(...expected: string[]): Promise<void> {
  await until(`the order ${expected.join(' ')}`, async () => (await pids()).join() === expected.join());
}

describe('order', () => {
  test('the busiest first; a click on a head sorts by it, another turns it round', async () => {
    await untilOrder('11', '22', '33', '44');
    const memory = page.getByRole('columnheader', { name: 'Memory' });
    await memory.getByRole('button').click();
    await untilOrder('22', '11', '33', '44');
    expect(await memory.getAttribute('aria-sort')).toBe('descending');
    await memory.getByRole('button').click();
    expect(await memory.getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('columnheader', { name: 'Disk I/O' }).getByRole('button').click();
    await untilOrder('33', '11', '22', '44');
    await page.getByRole('columnheader', { name: 'Process' }).getByRole('button').click();
    await untilOrder('44', '11', '22', '33');
    await page.getByRole('columnheader', { name: 'CPU' }).getByRole('button').click();
    await untilOrder('11', '22', '33', '44');
  });

  test('holding Ctrl keeps every row where it is while its numbers change', async () => {
    await page.keyboard.down('Control');
    await page.getByText('Order held').waitFor();
    tell(people.map((row) => ({ ...row, cpuPercent: row.pid! })));
    await until('new numbers', async () =>
      (await page.locator('tr.process').first().innerText()).includes('11.0 %'),
    );
    expect(await pids()).toEqual(['11', '22', '33', '44']);
    await page.keyboard.up('Control');
    await untilOrder('44', '33', '22', '11');
    tell(people);
    await untilOrder('11', '22', '33', '44');
  });

  test('the filter finds by command and user, and the count tells what is left', async () => {
    const filter = page.getByLabel('Filter by name, command, user or pid');
    await filter.fill('--loop ana');
    await untilOrder('11');
    expect(await page.locator('.process-table .count').innerText()).toBe('1 of 80 processes shown');
    await filter.press('Escape');
    await untilOrder('11', '22', '33', '44');
  });
});

test('by keyboard: arrows move, Enter opens the details, Escape closes them', async () => {
  await page.locator('tr.process').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('j');
  expect(await page.evaluate(() => document.activeElement?.querySelector('.pid')?.textContent)).toBe('33');
  await page.keyboard.press('Enter');
  const details = page.locator('.process-details');
  await details.waitFor();
  expect(await details.innerText()).toMatch(/\/opt\/writer[\s\S]*5\.00 MiB\/s/);
  await page.keyboard.press('Escape');
  await until('closed details', async () => (await details.count()) === 0);
});

test('a hostile name is shown, and nothing in it runs', async () => {
  const row = page.locator('tr.process', { has: page.getByRole('cell', { name: '44', exact: true }) });
  expect(await row.innerText()).toContain(hostileName);
  await row.click();
  const command = page.locator('.process-details .command');
  expect(await command.innerText()).toBe('<script>window.hacked=2</script> ␛[31m <U+202E>txt.exe␇');
  expect(await page.locator('.process-table img, .process-table script').count()).toBe(0);
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
});

test('a sparkline grows with every table', async () => {
  const path = page.locator('tr.process').first().locator('.history path');
  const before = (await path.getAttribute('d'))!;
  tell(people);
  await until('a longer line', async () => ((await path.getAttribute('d')) ?? '').length > before.length);
});

test('paused, the table is that of the moment; where there is none, that is said', async () => {
  const time = Date.now();
  tell([{ ...people[0], cpuPercent: 99 }], time);
  await untilOrder('11');
  tell(people, time + 2_000);
  await untilOrder('11', '22', '33', '44');
  // Within the page: a reload would forget the tables.
  await page.keyboard.press('Space');
  await page.getByText(/^Paused at/).waitFor();
  await page.getByText('Moment', { exact: true }).click();
  await page.getByText(/^At \d\d:\d\d:\d\d$/).waitFor();
  await dashboard.go(`/host/web-1?from=${time - 3_600_000}&to=${time - 3_000_000}`);
  await page.getByText('Moment', { exact: true }).click();
  await page.getByText('No process table of this time is known').waitFor();
  await dashboard.go('/host/web-1');
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
