/** An incident bundle as a teammate meets it: saved from the page, opened by the command in another browser, and dropped on a dashboard. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BundleRecord } from '../../shared/bundle/bundle-record.ts';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { bundleText } from '../support/bundle-text.ts';
import { hostileObservations, trap, unseen } from '../support/hostile-texts.ts';
import {
  filesystemsOf,
  hostOf,
  logLineOf,
  observedHost,
  processesOf,
  sampleOf,
} from '../support/observations.ts';
import { postNote } from '../support/post-note.ts';
import { makeShare } from '../support/share-client.ts';
import { runCommand } from '../support/run-command.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const opened = new AsyncDisposableStack();
const now = Date.now();
let folder: string;
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;

beforeAll(async () => {
  folder = opened.use(await makeTempFolder()).path;
  hub = opened.use(await startTestHub({ pageDir: builtPageDir() }));
  for (const [index, host] of ['web-1', 'db-1'].entries()) {
    hub.sink.describe(observedHost(host));
    for (let second = -120; second <= 0; second++) {
      if (second % 10 === 0) {
        const [root] = filesystemsOf(host).mounts;
        const mounts = ['/', '/mnt/token=hunter22'].map((mount) => ({
          ...root!,
          mount,
          usedBytes: (second < -20 ? 0.25 : 0.75) * root!.totalBytes,
          availableBytes: (second < -20 ? 0.75 : 0.25) * root!.totalBytes,
        }));
        const time = now + second * 1000;
        hub.sink.observe({ name: 'filesystems', data: { host, time, mounts } });
      }
      const user = second > -40 && second < -20 ? 90 : 10 + 5 * index;
      const sample = sampleOf(host, 0, { time: now + second * 1000 });
      const cpu = { ...sample.cpu, user, idle: 100 - user };
      hub.sink.observe({ name: 'sample', data: { ...sample, cpu } });
    }
    hub.sink.observe({ name: 'processes', data: { ...processesOf(host), time: now } });
  }
  const lines = ['GET /health', 'password=hunter22 was refused', '<img src=x onerror=alert(1)>', '=1+1'];
  for (const [index, text] of lines.entries()) {
    const data = logLineOf('web-1', index, { time: now - 30_000 + index * 1000, text, level: 'error' });
    hub.sink.observe({ name: 'log', data });
  }
  await postNote(hub, 'Deployed 1.2', ['web-1']);
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
});
afterAll(() => opened.disposeAsync());

/** A page of somebody else's browser. */
async function newProfile(): Promise<Page> {
  const context = await page.context().browser()!.newContext({ reducedMotion: 'reduce' });
  return context.newPage();
}

/** Presses Save with what the dialog offers, and answers where the file lies. */
async function saveBundle(name: string, title: string, on = page): Promise<string> {
  await on.keyboard.press('Control+Shift+E');
  const dialog = on.getByRole('dialog', { name: 'Save an incident bundle' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title);
  await dialog.getByRole('textbox', { name: 'Your name' }).fill('Ana');
  const downloading = on.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^incident-\d{4}-\d\d-\d\d-\d{4}\.watchline$/);
  const file = path.join(folder, name);
  await download.saveAs(file);
  await dialog.getByRole('button', { name: 'Done' }).click();
  return file;
}

async function recordsOf(file: string): Promise<BundleRecord[]> {
  const text = gunzipSync(await readFile(file)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as BundleRecord);
}

/** A file dropped on the page, as a desktop drops it. */
async function drop(on: Page, file: string): Promise<void> {
  const bytes = [...(await readFile(file))];
  const transfer = await on.evaluateHandle(
    ({ bytes, name }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    },
    { bytes, name: path.basename(file) },
  );
  await on.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await on.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('a saved bundle holds the window, without secrets', async () => {
  await dashboard.go(`/?from=${now - 100_000}&to=${now + 1_000}`);
  await page.getByText('web-1.example.net').first().waitFor();
  const file = await saveBundle('first.watchline', 'Spike on web-1');
  const records = await recordsOf(file);
  expect(records[0]).toMatchObject({
    kind: 'bundle',
    title: 'Spike on web-1',
    madeBy: 'Ana',
    from: now - 100_000,
    to: now + 1_000,
    isRedacted: true,
  });
  const texts = records.flatMap((record) => (record.kind === 'line' ? [record.line.text] : []));
  expect(texts).toHaveLength(4);
  expect(JSON.stringify(records)).not.toContain('hunter22');
  const keys = records.flatMap((each) =>
    each.kind === 'history' && each.record.kind === 'columns' ? [each.record.series] : [],
  );
  expect(keys.filter((key) => key.startsWith('filesystem./mnt/') && key.endsWith('.used'))).toHaveLength(2);
  expect(records.filter((each) => each.kind === 'event' && each.name === 'host')).toHaveLength(2);
  expect(records.filter((each) => each.kind === 'event' && each.name === 'note')).toHaveLength(1);
  expect(records.at(-1)).toMatchObject({ kind: 'end', records: records.length - 1 });
});

test('the command opens it in another browser, with the same screens, read-only', async () => {
  const file = await saveBundle('opened.watchline', 'Spike on web-1');
  await using command = runCommand(['open', file, '--page', builtPageDir(), '--no-open']);
  const [, url] = await command.untilPrinted(/(http:\/\/127\.0\.0\.1:\d+\/bundle\/#key=[\w-]+)/);
  expect(command.stdout).toContain('"Spike on web-1"');
  expect((await fetch(new URL('/api/v1/bundle', url))).status).toBe(401);
  const other = await newProfile();
  const asked: string[] = [];
  const errors: string[] = [];
  other.on('request', (request) => asked.push(new URL(request.url()).pathname));
  other.on('pageerror', (error) => errors.push(error.message));

  await other.goto(url!);
  const bar = other.getByRole('region', { name: 'About this bundle' });
  await bar.getByText('Spike on web-1').waitFor();
  expect(other.url()).not.toContain('key=');
  await other.getByText('db-1.example.net').first().waitFor();
  await other.getByRole('link', { name: 'web-1.example.net' }).first().click();
  await other.getByRole('region', { name: 'CPU', exact: true }).and(other.locator('[data-time]')).waitFor();
  const space = other.getByRole('region', { name: 'Disk space', exact: true });
  expect(await space.getByText('75.0 %', { exact: true }).count()).toBe(2);
  await other.evaluate((to) => {
    const url = new URL(location.href);
    url.searchParams.set('to', String(to));
    history.pushState(null, '', url);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, now - 24_000);
  await space.getByText('25.0 %', { exact: true }).first().waitFor();
  await other.getByRole('link', { name: 'Logs', exact: true }).click();
  await other.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  expect(await other.getByText('Following', { exact: true }).count()).toBe(0);
  await other.getByRole('link', { name: 'Events', exact: true }).click();
  await other.getByText('Deployed 1.2').waitFor();
  expect(await other.getByRole('link', { name: 'Settings' }).count()).toBe(0);
  expect(await other.getByRole('link', { name: 'Share' }).count()).toBe(0);
  await other.reload();
  await bar.getByText('Spike on web-1').waitFor();
  expect(asked.filter((pathname) => pathname.startsWith('/api/'))).toEqual([
    '/api/v1/bundle',
    '/api/v1/bundle',
  ]);

  await drop(other, await saveBundle('another.watchline', 'Another one'));
  await bar.getByText('Another one').waitFor();
  expect(errors).toEqual([]);
});

test('dropped on a dashboard it opens there, stays over a reload, and closes', async () => {
  const file = await saveBundle('dropped.watchline', 'Dropped');
  await drop(page, file);
  const bar = page.getByRole('region', { name: 'About this bundle' });
  await bar.getByText('Dropped').waitFor();
  await page.reload();
  await bar.getByText('Dropped').waitFor();
  await bar.getByRole('button', { name: 'Close' }).click();
  await page.waitForURL((url) => url.pathname === '/');
});

test('what is no bundle, or a damaged one, is refused in a sentence, and the dashboard stays', async () => {
  await dashboard.go('/');
  const whole = await readFile(await saveBundle('whole.watchline', 'Whole'));
  const bad: [string, Buffer, RegExp][] = [
    ['text.watchline', Buffer.from('not a bundle'), /not an incident bundle/],
    ['cut.watchline', whole.subarray(0, whole.length - 20), /damaged or cut short/],
    [
      'bomb.watchline',
      gzipSync(Buffer.alloc(32 * 1024 * 1024)),
      /not an incident bundle|larger than one may be/,
    ],
  ];
  for (const [name, bytes, sentence] of bad) {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    await drop(page, file);
    const alert = page.getByRole('alert').filter({ hasText: sentence });
    await alert.waitFor();
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  expect(new URL(page.url()).pathname).toBe('/');
});

test('what a hostile bundle says is shown, and nothing of it runs', async () => {
  const file = path.join(folder, 'hostile.watchline');
  const omission = { what: 'logs', host: 'h-1..-_', why: trap } as const;
  const records = hostileObservations('h-1..-_').flatMap((event) =>
    event.name === 'source' || event.name === 'processes' || event.name === 'filesystems'
      ? [{ kind: 'event' as const, ...event }]
      : [],
  );
  const host = {
    kind: 'event',
    name: 'host',
    data: hostOf('h-1..-_', { name: `${unseen}${trap}` }),
  } as const;
  const text = bundleText([host, ...records], { title: `${unseen}${trap}`, madeBy: trap, share: trap }, [
    omission,
  ]);
  await writeFile(file, gzipSync(text));
  await dashboard.go('/');
  await drop(page, file);
  const bar = page.getByRole('region', { name: 'About this bundle' });
  await bar.getByText('1 part missing').click();
  await bar.getByText(`Log lines (`).waitFor();
  expect(await bar.innerText()).toContain(trap);
  // eslint-disable-next-line no-control-regex -- the controls are what is looked for
  expect(await page.locator('body').innerText()).not.toMatch(/[\u001b\u009d\u202e\u200b]/);
  expect(await page.locator('img').count()).toBe(0);
  expect(dashboard.errors.filter((error) => error.includes('trip'))).toEqual([]);
});

test('a bundle saved from a share holds what the share shows, and nothing else', async () => {
  const { link } = await makeShare(hub, {
    scope: { hosts: ['web-1'], channels: ['metrics', 'logs'], since: 0, hidesNames: true },
  });
  const viewer = await newProfile();
  await viewer.goto(link);
  await viewer
    .getByText(/^host-[a-z0-9]+$/)
    .first()
    .waitFor();
  const text = gunzipSync(
    await readFile(await saveBundle('shared.watchline', 'Of a share', viewer)),
  ).toString();
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as BundleRecord);
  expect(records.filter((each) => each.kind === 'event' && each.name === 'host')).toHaveLength(1);
  expect(records.some(({ kind }) => kind === 'history')).toBe(true);
  expect(records.filter(({ kind }) => kind === 'processes')).toEqual([]);
  for (const hidden of ['web-1', 'db-1', 'example.net', '192.0.2.1']) expect(text).not.toContain(hidden);

  await drop(viewer, path.join(folder, 'shared.watchline'));
  await viewer.getByRole('region', { name: 'About this bundle' }).getByText('Of a share').waitFor();
  await viewer.getByText('No process table of this moment is known.').waitFor();
  await viewer.getByRole('button', { name: 'Close' }).click();
  await viewer.waitForURL((url) => url.pathname.startsWith('/s/'));
});

test('a chart is saved as an image of twice its size, and its data as a table', async () => {
  await dashboard.go(`/host/web-1?from=${now - 100_000}&to=${now}`);
  const cpu = page.getByRole('region', { name: 'CPU', exact: true });
  await cpu.and(page.locator('[data-time]')).waitFor();
  const save = async (item: string): Promise<{ name: string; bytes: Buffer }> => {
    const downloading = page.waitForEvent('download');
    await cpu.getByRole('button', { name: 'Save this chart' }).click();
    const menu = page.getByRole('menu', { name: 'Save this chart' });
    await menu.getByRole('menuitem', { name: item }).click();
    const download = await downloading;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };

  const table = await save('Save data (CSV)');
  expect(table.name).toMatch(/^cpu-web-1\.example\.net-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
  const [head, ...rows] = table.bytes.toString().trimEnd().split('\r\n');
  expect(head).toBe('time,user (%),system (%),iowait (%),steal (%)');
  expect(rows).toHaveLength(101);
  expect(rows.filter((row) => row.split(',')[1] === '90')).toHaveLength(19);

  const image = await save('Save as image (PNG)');
  expect(image.name).toMatch(/^cpu-web-1\.example\.net-.*\.png$/);
  expect(image.bytes.subarray(1, 4).toString()).toBe('PNG');
  const canvas = await cpu.locator('canvas').first().boundingBox();
  expect(image.bytes.readUInt32BE(16)).toBeGreaterThan(2 * canvas!.width);
});

test('a chart that was not seen yet is saved with its data', async () => {
  await dashboard.go(`/host/web-1?from=${now - 100_000}&to=${now}`);
  await page.getByRole('region', { name: 'CPU', exact: true }).and(page.locator('[data-time]')).waitFor();
  const unseen = page.getByRole('region').and(page.locator(':not([data-time])'));
  const save = unseen.getByRole('button', { name: 'Save this chart' }).last();
  const downloading = page.waitForEvent('download');
  // Without scrolling there, as a click would.
  await save.dispatchEvent('click');
  await page.getByRole('menuitem', { name: 'Save data (CSV)' }).dispatchEvent('click');
  const rows = (await readFile(await (await downloading).path(), 'utf8')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(1 + 101);
});
