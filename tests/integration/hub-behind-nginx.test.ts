/** Behind nginx at its defaults: the stream passes at once, and an end is an end. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { logLineOf, observedHost } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const hasNginx = spawnSync('nginx', ['-v']).status === 0;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function startNginx(upstream: string): Promise<AsyncDisposable & { port: number }> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder()).path;
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await mkdir(path.join(folder, 'tmp'));
  const config = `
    daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/tmp/${name};`).join('\n')}
      server { listen 127.0.0.1:${port}; location / { proxy_pass ${upstream}; } }
    }`;
  await writeFile(path.join(folder, 'nginx.conf'), config);
  const nginx = spawn('nginx', [
    '-p',
    folder,
    '-e',
    path.join(folder, 'error.log'),
    '-c',
    path.join(folder, 'nginx.conf'),
  ]);
  opened.defer(async () => {
    nginx.kill('SIGTERM');
    await once(nginx, 'close');
  });
  await until('nginx to answer', () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      (response) => response.ok,
      () => false,
    ),
  );
  const closing = opened.move();
  return { port, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Reads through `fetch`: towards its clients nginx frames the stream in chunks and keeps the connection. */
async function readThrough(
  port: number,
  token: string,
): Promise<{ text: () => string; ended: Promise<void> }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/stream?channels=logs`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  return { text: () => text, ended };
}

test.skipIf(!hasNginx)(
  'events pass one by one, and the end of the hub ends the stream with bye',
  async () => {
    const hub = await startTestHub({ flushWindowMs: 0 });
    hub.sink.describe(observedHost());
    await using nginx = await startNginx(hub.origin);
    const reader = await readThrough(nginx.port, hub.ownerToken);
    await until('ready', () => reader.text().includes('event: ready'));
    for (let index = 0; index < 20; index++) {
      hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
      await until(`line ${index}`, () => reader.text().includes(`"line ${index}"`));
    }
    await hub[Symbol.asyncDispose]();
    await reader.ended;
    expect(reader.text()).toMatch(/event: bye\ndata: [^\n]+\n\n$/);
  },
);
