/** Notes and deploy markers as people meet them: on the charts, in Events, in a second tab, after a restart, and hostile ones. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { accepted, postJson, postText } from '../support/post-note.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let dataDir: string;
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;
/** What its samples come from; without them the host goes silent. */
let living: NodeJS.Timeout | undefined;

beforeAll(async () => {
  dataDir = opened.use(await makeTempFolder()).path;
  hub = await startHub(0);
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
});
afterAll(async () => {
  clearInterval(living);
  await hub[Symbol.asyncDispose]();
  await opened.disposeAsync();
});

/** A host with a minute of samples that goes on living: a silent one would get a flag of its own. The same port again after a restart. */
async function startHub(port: number): Promise<TestHub> {
  const started = await startTestHub({ pageDir: builtPageDir(), dataDir, port });
  started.sink.describe(observedHost());
  const observe = (time: number) =>
    started.sink.observe({ name: 'sample', data: sampleOf('web-1', Math.floor(time / 1000), { time }) });
  for (let time = Date.now() - 60_000; time <= Date.now(); time += 1_000) observe(time);
  clearInterval(living);
  living = setInterval(() => observe(Date.now()), 1_000);
  return started;
}

async function curlMarker(...words: string[]): Promise<void> {
  const url = `${hub.origin}/api/v1/events`;
  const curl = spawn('curl', ['-sf', '-H', `Authorization: Bearer ${hub.ownerToken}`, ...words, url]);
  const [code] = (await once(curl, 'close')) as [number];
  if (code !== 0) throw new Error(`curl ended with ${code}`);
}

const rowOf = (on: Page, text: string): Locator => on.locator('.event-row', { hasText: text });
const cpu = (): Locator => page.getByRole('region', { name: 'CPU', exact: true });

test('a marker of curl -d stands on every chart, in Events, and in a second tab', async () => {
  await dashboard.go('/host/web-1');
  await cpu().and(page.locator('[data-time]')).waitFor();
  const context = await page
    .context()
    .browser()!
    .newContext({ storageState: await page.context().storageState() });
  const second = await context.newPage();
  await second.goto(`${hub.origin}/events`);
  await curlMarker('-d', 'Deployed 1.2');

  const flag = cpu().getByRole('button', { name: /^Marker at .*: Deployed 1\.2$/ });
  await flag.waitFor();
  expect(await page.getByRole('button', { name: /^Marker at .*: Deployed 1\.2$/ }).count()).toBeGreaterThan(
    3,
  );
  await flag.hover();
  await cpu().locator('.card', { hasText: 'Deployed 1.2' }).waitFor();
  await rowOf(second, 'Deployed 1.2').waitFor();
  await context.close();
});

test('flags are reached by keys: one stop a chart, arrows between them, Esc to close', async () => {
  await curlMarker('-d', 'title=Before', '-d', `time=${Date.now() - 30_000}`);
  await cpu()
    .getByRole('button', { name: /: Before$/ })
    .waitFor();
  expect(await cpu().locator('.flag[tabindex="0"]').count()).toBe(1);
  await cpu()
    .getByRole('button', { name: /: Deployed 1\.2$/ })
    .hover();
  await cpu().locator('.plot').focus();
  await page.keyboard.press('Tab');
  await cpu().locator('.card', { hasText: 'Deployed 1.2' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await cpu().locator('.card', { hasText: 'Before' }).waitFor();
  // The pointer leaves the other flag, or that goes away from under it: the keys have opened this one.
  await page.mouse.move(2, 2);
  expect(await cpu().locator('.card', { hasText: 'Before' }).count()).toBe(1);
  await page.keyboard.press('Escape');
  await until('no card', async () => (await cpu().locator('.card').count()) === 0);
});

test('N on a chart adds a note at the crosshair; a double click on the chart still goes live', async () => {
  const plot = cpu().locator('.plot');
  await plot.hover({ position: { x: 200, y: 60 } });
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('heading').textContent()).toMatch(/^Note at \d\d:\d\d:\d\d$/);
  await dialog.getByRole('textbox').fill('Swapped the disk');
  await page.keyboard.press('Control+Enter');
  await cpu()
    .getByRole('button', { name: /^Note at .*: Swapped the disk$/ })
    .waitFor();
  await dialog.waitFor({ state: 'detached' });
  // The flag of the test before has the focus again: Space would press it.
  await plot.focus();
  await page.keyboard.press('Space');
  await page.getByText(/^Paused at/).waitFor();
  await plot.dblclick({ position: { x: 300, y: 60 } });
  await until('live', () => !new URL(page.url()).searchParams.has('from'));
});

test('whichever way the dialog of a note ends, the focus is where it was before', async () => {
  const plot = cpu().locator('.plot');
  const dialog = page.getByRole('dialog');
  const ways = [
    () => page.keyboard.press('Escape'),
    () => dialog.getByRole('button', { name: 'Cancel' }).click(),
    () =>
      dialog
        .getByRole('textbox')
        .fill('Looked at it')
        .then(() => page.keyboard.press('Control+Enter')),
  ];
  for (const leave of ways) {
    await plot.focus();
    await page.keyboard.press('n');
    await dialog.waitFor();
    await leave();
    await dialog.waitFor({ state: 'detached' });
    expect(await cpu().locator('.plot:focus').count()).toBe(1);
  }
});

test('a drag may begin on a flag, and neither its card nor the readout covers what is chosen', async () => {
  const flag = cpu().getByRole('button', { name: /: Swapped the disk$|notes around/ });
  const { x, y, width } = (await flag.first().boundingBox())!;
  const card = cpu().locator('.card');
  await page.mouse.move(x + width / 2, y + 10);
  await card.waitFor();
  expect(await cpu().locator('.readout').count()).toBe(0);
  await page.mouse.down();
  await page.mouse.move(x + 150, y + 10, { steps: 4 });
  await cpu().locator('.selection').waitFor();
  await card.waitFor({ state: 'detached' });
  expect(await cpu().locator('.readout').count()).toBe(0);
  // Else Space would press the flag, and pause nothing.
  expect(await cpu().locator('.plot:focus').count()).toBe(1);
  await page.mouse.up();
  await until('the stretch that was dragged over', () => /from=\d+&to=\d+/.test(page.url()));
  await page.keyboard.press('l');
  await until('live', () => !page.url().includes('from='));
});

test('a card that has no room above its flag hangs below it', async () => {
  const lines = Array.from({ length: 14 }, (_, line) => `package-${line} upgraded`).join('\n');
  await accepted(postJson(hub, '/api/v1/events', { title: 'Many packages', text: lines }));
  const flag = cpu()
    .getByRole('button', { name: /Many packages$|notes around/ })
    .last();
  await flag.waitFor();
  // Where a window is chosen its charts are lower.
  await page.keyboard.press('Space');
  await page.getByText(/^Paused at/).waitFor();
  await flag.focus();
  const card = (await cpu().locator('.card').boundingBox())!;
  const head = (await page.locator('main').boundingBox())!;
  expect(card.y).toBeGreaterThanOrEqual(head.y);
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
});

test('a card of several notes shows them whole, the newest below; those before are counted', async () => {
  const time = Date.now() - 3_600_000;
  const names = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'];
  for (const [index, title] of names.entries())
    await accepted(
      postJson(hub, '/api/v1/events', {
        title,
        text: 'What was done, by whom and why, in words that take two lines of a card',
        tags: ['deploy'],
        time: time + index,
      }),
    );
  await dashboard.go(`/host/web-1?from=${time - 60_000}&to=${time + 60_000}`);
  await cpu()
    .getByRole('button', { name: /^6 notes around/ })
    .hover();
  const card = cpu().locator('.card');
  expect((await card.innerText()).match(/2 earlier|First|Second|Third|Fourth|Fifth|Sixth/g)).toEqual([
    '2 earlier',
    ...names.slice(2),
  ]);
  expect(await card.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  const [box, content] = [(await card.boundingBox())!, (await page.locator('main').boundingBox())!];
  expect(box.y).toBeGreaterThanOrEqual(content.y);
  expect(box.y + box.height).toBeLessThanOrEqual(content.y + content.height);
});

test('Events lists it by day, and a press opens the host at that moment', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  await rowOf(page, 'Swapped the disk').locator('a').click();
  await until('the host, paused', () => /\/host\/web-1\?from=\d+&to=\d+/.test(page.url()));
  await cpu()
    .getByRole('button', { name: /Swapped the disk|notes around/ })
    .first()
    .waitFor();
});

test('a note is added in Events, and removed again', async () => {
  await dashboard.go('/events');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('Said in vain');
  await page.getByRole('button', { name: 'Add note' }).click();
  const row = rowOf(page, 'Said in vain');
  await row.waitFor();
  await row.hover();
  await row.getByRole('button', { name: 'Remove this note' }).click();
  await until('no such row', async () => (await row.count()) === 0);
});

test('a long one shows its first lines, and all of them on a press', async () => {
  const packages = Array.from({ length: 30 }, (_, index) => `package-${index} installed`);
  await accepted(postText(hub, ['30 packages changed', ...packages].join('\n')));
  await dashboard.go('/events');
  const row = rowOf(page, '30 packages changed');
  await row.getByText('package-4 installed').waitFor();
  expect(await row.textContent()).not.toContain('package-5 installed');
  await row.getByRole('button', { name: '25 more lines' }).click();
  await row.getByText('package-29 installed').waitFor();
  expect(new URL(page.url()).pathname).toBe('/events');
});

test('a status change, a gap and a log source in trouble are listed with their host', async () => {
  clearInterval(living);
  hub.sink.observe({
    name: 'source',
    data: {
      host: 'web-1',
      id: '/var/log/auth.log',
      kind: 'file',
      label: 'auth.log',
      state: 'denied',
      reason: 'Add this user to the group adm.',
      since: Date.now(),
    },
  });
  const to = Date.now();
  hub.sink.observe({
    name: 'gap',
    data: { host: 'web-1', channel: 'logs', reason: 'source-overflow', from: to - 2_000, to, count: 412 },
  });
  await rowOf(page, '412 lines skipped').waitFor();
  expect(await rowOf(page, 'auth.log').innerText()).toContain('Add this user to the group adm.');
  // Nobody sends samples any more: the host goes silent, then offline, whichever the page saw first.
  await page
    .locator('.event-row')
    .getByText(/^Went (silent|offline)$/)
    .first()
    .waitFor();
  await page.getByRole('region', { name: 'Needs attention now' }).getByText('web-1').waitFor();
  await page.getByRole('button', { name: 'Log sources' }).click();
  await until('only sources', async () => (await page.locator('.event-row').count()) === 1);
});

test('what is hostile is shown and not obeyed, and only https links are links', async () => {
  await accepted(
    postJson(hub, '/api/v1/events', {
      title: '<img src=x onerror="document.title=\'obeyed\'"> \u202eevil',
      text: '<script>document.title="obeyed"</script>\u001b[31m',
      tags: ['<b>'],
      link: 'https://example.net/"onmouseover="x',
    }),
  );
  await dashboard.go('/events');
  const row = rowOf(page, 'onerror');
  await row.waitFor();
  expect(await row.innerText()).toContain('<U+202E>evil');
  expect(await row.innerText()).toContain('<script>');
  expect(await row.locator('img, script, b').count()).toBe(0);
  expect(await page.title()).not.toContain('obeyed');
  const link = row.locator('a[href^="https:"]');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  expect(await link.getAttribute('onmouseover')).toBeNull();
});

test('after a restart of the hub it is all still there, in the page that stayed open too', async () => {
  const { port } = hub;
  await hub[Symbol.asyncDispose]();
  hub = await startHub(port);
  await accepted(postText(hub, 'Deployed 1.3'));
  await until('the new marker', async () => (await rowOf(page, 'Deployed 1.3').count()) === 1, 30_000);
  expect(await rowOf(page, 'Deployed 1.2').count()).toBe(1);
  await dashboard.go('/events');
  await rowOf(page, 'Deployed 1.2').waitFor();
  expect(await rowOf(page, 'Said in vain').count()).toBe(0);
});

test('nothing went wrong in the page', () => {
  const ofTheRestart = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET/;
  expect(dashboard.errors.filter((error) => !ofTheRestart.test(error))).toEqual([]);
});
