/** What `watchline open` serves: the page to everybody of this machine, the file to who has its key, and nothing else. */
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveBundle, type BundleServer } from '../../../../hub/bundle/bundle-server.ts';
import { BUNDLE_FILE_PATH } from '../../../../shared/bundle/bundle-record.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const opened = new AsyncDisposableStack();
const file = Buffer.from('the file');
let server: BundleServer;
let key: string;

beforeAll(async () => {
  const folder = opened.use(await makeTempFolder()).path;
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>page</title>');
  const report = (trouble: Error): void => {
    throw trouble;
  };
  server = opened.use(await serveBundle({ file, pageDir: folder, port: 0, report }));
  key = new URL(server.url).hash.replace('#key=', '');
});
afterAll(() => opened.disposeAsync());

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

/** By hand, because `fetch` writes its own Host. */
function ask(target: string, { method = 'GET', headers = {} }: Asked = {}) {
  return new Promise<{ status: number; body: string; location: string | undefined }>((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port: server.port,
      path: target,
      method,
      headers,
      agent: false,
    });
    asking.on('error', reject).on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          body: Buffer.concat(parts).toString(),
          location: response.headers.location,
        }),
      );
    });
    asking.end();
  });
}

test('its address holds a key that no two of them share, and the page behind it', async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/bundle\/#key=[\w-]{43}$/);
  expect((await ask('/bundle/')).body).toContain('<title>page</title>');
  expect((await ask('/bundle/host/web-1')).body).toContain('<title>page</title>');
  expect(await ask('/')).toMatchObject({ status: 302, location: '/bundle/' });
});

test('the file comes with the key, and without it nothing', async () => {
  const withKey = (value: string) => ask(BUNDLE_FILE_PATH, { headers: { Authorization: `Bearer ${value}` } });
  expect(await withKey(key)).toMatchObject({ status: 200, body: 'the file' });
  for (const wrong of ['', 'x', `${key}x`, key.slice(1)]) expect((await withKey(wrong)).status).toBe(401);
  expect((await ask(BUNDLE_FILE_PATH)).status).toBe(401);
  expect((await ask(`${BUNDLE_FILE_PATH}?key=${key}`)).status).toBe(401);
});

test('a foreign name, another method and every address of a hub are refused', async () => {
  const authorised = { Authorization: `Bearer ${key}` };
  expect((await ask(BUNDLE_FILE_PATH, { headers: { ...authorised, Host: 'evil.example' } })).status).toBe(
    421,
  );
  expect((await ask(BUNDLE_FILE_PATH, { method: 'POST', headers: authorised })).status).toBe(405);
  for (const target of ['/api/v1/hosts', '/api/v1/stream', '/api/v1/bundle/..', '/../package.json'])
    expect((await ask(target, { headers: authorised })).status).toBe(404);
});
