/** Bombs on every route that takes a body: refused with a word, in bounded memory and time, and everybody else is served. */
import { constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routesOf, type RouteParts } from '../../hub/http/routes.ts';
import { MAX_BODY_BYTES, paths } from '../../shared/protocol.ts';
import { problem } from '../../shared/snapshot.ts';
import { pairAgent } from '../support/agent-client.ts';
import { bearer } from '../support/callers.ts';
import { startHubProcess, type HubProcess } from '../support/hub-process.ts';
import { connectRaw } from '../support/raw-request.ts';

const MIB = 1024 * 1024;
/** What a heap breathes; any of the bombs would cost more where nothing bounds it. */
const BREATH_BYTES = 96 * MIB;

/** 64 MiB each once unpacked, from as many KiB: eight times what is ever unpacked. */
const gzipBomb = gzipSync(Buffer.alloc(64 * MIB, ' '), { level: constants.Z_BEST_SPEED });
const zstdBomb = zstdCompressSync(Buffer.alloc(64 * MIB, ' '));

const json = (body: string | Buffer, more: Record<string, string> = {}) => ({
  body,
  headers: { 'Content-Type': 'application/json', ...more },
});

/** By what it is: body and headers. All are refused by every route. */
const bombs: Record<string, { body: string | Buffer; headers: Record<string, string> }> = {
  'more than the limit': json(JSON.stringify({ text: 'x'.repeat(MAX_BODY_BYTES) })),
  'nested a hundred thousand deep': json('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)),
  'a hundred thousand open brackets': json('['.repeat(100_000)),
  'a hundred thousand keys': json(`{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join(',')}}`),
  'a number of a million digits': json(`{"time":${'9'.repeat(1_000_000)}}`),
  'a prototype': json('{"__proto__":{"role":"owner"},"constructor":{"prototype":{"role":"owner"}}}'),
  'what is no UTF-8': json(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22])),
  'a gzip bomb': json(gzipBomb, { 'Content-Encoding': 'gzip' }),
  'a zstd bomb': json(zstdBomb, { 'Content-Encoding': 'zstd' }),
  'a bomb of another encoding': json(deflateSync(' '.repeat(MIB)), { 'Content-Encoding': 'deflate' }),
  'one encoding in the other': json(gzipSync(gzipBomb), { 'Content-Encoding': 'gzip, gzip' }),
};

/** Routes that read no body do not care what it is: these are not asked. */
const readers = routesOf({} as RouteParts)
  .map(({ method, path, access }) => ({ method: String(method), path, access }))
  .filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method))
  .filter(
    ({ path }) =>
      ![paths.tickets, `${paths.reach}/test`, `${paths.shares}/:id/preview`].includes(path as never),
  );

let hub: HubProcess;
let agentToken: string;

beforeAll(async () => {
  hub = await startHubProcess({ hub: { maxBadTokens: 100_000, maxNotesPerMinute: 100_000 } });
  agentToken = (await pairAgent(hub)).token;
});
afterAll(() => hub[Symbol.asyncDispose]());

test('there are as many routes with a body as are thought of here', () => {
  expect(readers.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      paths.notes,
      paths.events,
      paths.ingest,
      paths.pair,
      paths.session,
      paths.shares,
      paths.tokens,
      paths.reach,
      paths.presence,
      paths.pointers,
      paths.upstreams,
    ]),
  );
  expect(readers.length).toBeGreaterThan(14);
});

test('every bomb at every door is refused, the hub stays small, and others are served', async () => {
  const before = await hub.residentBytes();
  for (const [what, { body, headers }] of Object.entries(bombs)) {
    await Promise.all(
      readers.map(async ({ method, path, access }) => {
        const address = hub.origin + path.replaceAll(/:\w+/g, 'web-1');
        const asked = fetch(address, {
          method,
          headers: { ...bearer(access === 'agent' ? agentToken : hub.ownerToken), ...headers },
          body: typeof body === 'string' ? body : new Uint8Array(body),
        });
        // Closed in the middle of the body is a refusal too.
        const response = await asked.catch(() => null);
        if (response === null) return;
        const at = `${method} ${path}: ${what}: ${response.status}`;
        expect(at).toMatch(/: 4\d\d$/);
        expect(problem.safeParse(await response.json()).success).toBe(true);
      }),
    );
    expect([what, (await hub.get(paths.hosts)).status]).toEqual([what, 200]);
  }
  expect((await hub.residentBytes()) - before).toBeLessThan(BREATH_BYTES);
}, 60_000);

test('bombs where batches are taken cost no more than a breath', async () => {
  const before = await hub.residentBytes();
  for (const [encoding, body] of Object.entries({ gzip: gzipBomb, zstd: zstdBomb })) {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        fetch(hub.origin + paths.ingest, {
          method: 'POST',
          headers: {
            ...bearer(agentToken),
            'Content-Type': 'application/x-ndjson',
            'Content-Encoding': encoding,
          },
          body: new Uint8Array(body),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413, 413]);
  }
  expect((await hub.residentBytes()) - before).toBeLessThan(BREATH_BYTES);
});

test('a body without end is cut at every door', async () => {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  for (const { method, path, access } of readers) {
    const lines = [
      `${method} ${path.replaceAll(/:\w+/g, 'web-1')} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${access === 'agent' ? agentToken : hub.ownerToken}`,
      `Content-Type: ${access === 'agent' ? 'application/x-ndjson' : 'application/json'}`,
      'Transfer-Encoding: chunked',
    ];
    using endless = connectRaw(hub.port, `${lines.join('\r\n')}\r\n\r\n`);
    const pour = () => {
      while (endless.socket.writable && endless.socket.write(chunk));
    };
    endless.socket.on('drain', pour);
    pour();
    await endless.closed;
    expect([path, endless.text().slice(0, 12)]).toEqual([path, expect.stringMatching(/^(HTTP\/1\.1 4|$)/)]);
  }
  expect((await hub.get(paths.hosts)).status).toBe(200);
});
