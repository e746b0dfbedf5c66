/** The built page as the hub serves it. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { exchangeRaw } from '../support/raw-request.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';

async function makePage(): Promise<TempFolder> {
  const folder = await makeTempFolder();
  await mkdir(path.join(folder.path, 'assets'));
  await writeFile(path.join(folder.path, 'index.html'), '<!doctype html><title>Watchline</title>');
  await writeFile(path.join(folder.path, 'assets/app-a1b2.js'), 'console.log(1)');
  await writeFile(path.join(folder.path, 'assets/app-a1b2.js.gz'), gzipSync('console.log(1)'));
  return folder;
}

function startPageHub(folder: TempFolder): Promise<TestHub> {
  return startTestHub({ pageDir: folder.path });
}

test('the page needs no token, runs its own scripts only, and is asked for anew each time', async () => {
  await using folder = await makePage();
  await using hub = await startPageHub(folder);
  const response = await fetch(`${hub.origin}/`);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<title>Watchline</title>');
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('permissions-policy')).toContain('camera=()');
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test('assets are immutable, and sent compressed where a copy lies beside them', async () => {
  await using folder = await makePage();
  await using hub = await startPageHub(folder);
  const response = await fetch(`${hub.origin}/assets/app-a1b2.js`, {
    headers: { 'Accept-Encoding': 'gzip' },
  });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(await response.text()).toBe('console.log(1)');
  const plain = await fetch(`${hub.origin}/assets/app-a1b2.js`, {
    headers: { 'Accept-Encoding': 'identity' },
  });
  expect(plain.headers.get('content-encoding')).toBeNull();
});

test('an unchanged file is not sent twice', async () => {
  await using folder = await makePage();
  await using hub = await startPageHub(folder);
  const first = await fetch(`${hub.origin}/`);
  await first.text();
  const again = await fetch(`${hub.origin}/`, { headers: { 'If-None-Match': first.headers.get('etag')! } });
  expect(again.status).toBe(304);
});

test("a screen's address gets the page, a missing file and a missing API do not", async () => {
  await using folder = await makePage();
  await using hub = await startPageHub(folder);
  for (const screen of ['/host/web-1?range=5m', '/host/web-1.example.com', '/logs'])
    expect(await (await fetch(hub.origin + screen)).text()).toContain('Watchline');
  for (const address of ['/assets/gone.js', '/favicon.ico', '/api/v1/nothing', '/%ff']) {
    expect((await fetch(hub.origin + address)).status).toBe(404);
  }
});

test('nothing outside of the page folder is served', async () => {
  await using folder = await makePage();
  await using outside = await makeTempFolder();
  await writeFile(path.join(outside.path, 'secret.txt'), 'secret');
  await symlink(path.join(outside.path, 'secret.txt'), path.join(folder.path, 'link.txt'));
  await using hub = await startPageHub(folder);
  const name = path.basename(outside.path);
  for (const target of [
    `/../${name}/secret.txt`,
    `/..%2f${name}%2fsecret.txt`,
    `/%2e%2e/${name}/secret.txt`,
    '/link.txt',
  ]) {
    const answer = await exchangeRaw(
      hub.port,
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  }
});

test('a file that vanished while the hub runs is an answer, and the hub lives on', async () => {
  await using folder = await makePage();
  await using hub = await startPageHub(folder);
  await rm(path.join(folder.path, 'assets/app-a1b2.js.gz'));
  const response = await fetch(`${hub.origin}/assets/app-a1b2.js`, {
    headers: { 'Accept-Encoding': 'gzip' },
  });
  expect(response.status).toBe(404);
  expect((await fetch(`${hub.origin}/`)).status).toBe(200);
});

test('HEAD answers without a body', async () => {
  await using folder = await makePage();
  await using hub = await startPageHub(folder);
  const response = await fetch(`${hub.origin}/`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  expect(await response.text()).toBe('');
});

test('a page folder without a page is told at start', async () => {
  await using folder = await makeTempFolder();
  await expect(startPageHub(folder)).rejects.toMatchObject({ code: 'page-missing' });
});
