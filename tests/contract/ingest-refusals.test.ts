/** Batches that are refused as a whole: each with its code, and nobody else notices. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MAX_BODY_BYTES, MAX_INFLATED_BYTES, paths } from '../../shared/protocol.ts';
import { MAX_BATCH_RECORDS } from '../../shared/schema/uplink.ts';
import { startIngestHub } from '../support/ingest-hub.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { readStream } from '../support/stream-reader.ts';

test('only the token of an agent opens the address', async () => {
  await using world = await startIngestHub();
  const { hub } = world;
  const body = '{}';
  const without = await fetch(hub.origin + paths.ingest, { method: 'POST', body });
  expect(without.status).toBe(401);
  const owner = await fetch(hub.origin + paths.ingest, {
    method: 'POST',
    body,
    headers: { Authorization: `Bearer ${hub.ownerToken}` },
  });
  expect(owner.status).toBe(403);
});

const bomb = Buffer.alloc(64 * MAX_INFLATED_BYTES, '\n');

test.each([
  ['of another type', Buffer.from('{}'), { 'Content-Type': 'application/json' }, 415, 'not-a-batch'],
  ['of another encoding', Buffer.from('{}'), { 'Content-Encoding': 'br' }, 415, 'not-a-batch'],
  ['without a head', Buffer.from('\n'), {}, 400, 'bad-body'],
  ['with a head that is none', Buffer.from('{"protocol":1}\n'), {}, 400, 'bad-body'],
  ['that is no text', Buffer.from([0xff, 0xfe, 0]), {}, 400, 'bad-body'],
  ['cut short', gzipSync('{"a":1}').subarray(0, 15), { 'Content-Encoding': 'gzip' }, 400, 'bad-body'],
  ['larger than allowed', Buffer.alloc(MAX_BODY_BYTES + 1, 'x'), {}, 413, 'body-too-large'],
  ['that is a bomb in gzip', gzipSync(bomb), { 'Content-Encoding': 'gzip' }, 413, 'body-too-large'],
  ['that is a bomb in zstd', zstdCompressSync(bomb), { 'Content-Encoding': 'zstd' }, 413, 'body-too-large'],
] as const)('a batch %s is refused', async (_, body, headers, status, code) => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  const refused = await agent.sendBytes(body, headers);
  expect([refused.status, refused.problem.code]).toEqual([status, code]);
  expect((await agent.send([])).status).toBe(200);
  expect(hub.troubles).toEqual([]);
});

test('too many records in one batch: none is taken', async () => {
  await using world = await startIngestHub();
  const { agent } = world;
  const lines = Array.from({ length: MAX_BATCH_RECORDS + 1 }, () => '{}');
  expect((await agent.send(lines)).problem.code).toBe('batch-too-large');
  expect((await agent.send(lines.slice(1))).answer.refused).toHaveLength(MAX_BATCH_RECORDS);
});

test('an agent of another protocol hears both numbers, and its host shows what is wrong until it is right', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  await agent.send([agent.line('describe', observedHost()), agent.line('sample', sampleOf())]);
  const body = Buffer.from('{"protocol":7,"agentVersion":"9.9.9","somethingNew":{}}\n');
  const { status, problem } = await agent.sendBytes(body);
  expect([status, problem.code]).toEqual([426, 'incompatible']);
  expect(problem.message).toMatch(/9\.9\.9 speaks protocol 7.*hub protocol 1/);
  expect(problem.remedy).toMatch(/hub/);
  const { data } = await reader.until('host', ({ status: shown }) => shown === 'incompatible');
  expect(data.uplink?.trouble).toBe(problem.message);
  await agent.send([agent.line('sample', sampleOf('web-1', 1))]);
  await reader.until('host', (host) => host.status === 'live' && host.uplink?.trouble === null);
});

test('an agent that sends too often waits, and others do not', async () => {
  await using world = await startIngestHub({ maxBatchesPerSecond: 2 }, ['web-1', 'web-2']);
  const { agent, sender } = world;
  const answers = await Promise.all(Array.from({ length: 10 }, () => agent.send([])));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(refused[0]!.problem.code).toBe('too-many-batches');
  expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await sender('run0002', 'web-2').send([])).status).toBe(200);
});

test('nobody can send for another host, whatever the records say', async () => {
  await using world = await startIngestHub({}, ['web-1', 'web-2']);
  const { hub, sender } = world;
  const stranger = sender('run0002', 'web-2');
  const lines = [
    stranger.line('describe', observedHost('web-1')),
    stranger.line('sample', sampleOf('web-1')),
    stranger.line('log', logLineOf('web-1')),
  ];
  const { answer } = await stranger.send(lines);
  expect(answer.refused.map(({ code }) => code)).toEqual(['foreign-host', 'foreign-host', 'foreign-host']);
  const { hosts } = (await (await hub.get('/api/v1/hosts')).json()) as { hosts: unknown[] };
  expect(hosts).toEqual([]);
});
