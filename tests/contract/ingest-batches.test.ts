/** What an agent sends is told to readers once, as if it had been observed here; what cannot be is named. */
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BatchDictionary } from '../../link/batches/batch-dictionary.ts';
import { dictionaryHeader } from '../../shared/schema/uplink.ts';
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import { startIngestHub } from '../support/ingest-hub.ts';
import { metric } from '../support/metric.ts';
import {
  filesystemsOf,
  logLineOf,
  logSourceOf,
  observedHost,
  processesOf,
  sampleOf,
} from '../support/observations.ts';
import { readStream } from '../support/stream-reader.ts';

test('every kind of record reaches readers as what it is, and its host is live with the first sample', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  const answered = await agent.send([agent.line('describe', observedHost())]);
  expect([answered.status, answered.answer.refused, answered.answer.paused]).toEqual([200, [], false]);
  expect((await reader.until('host')).data).toMatchObject({ status: 'pairing', origin: 'agent' });

  const time = Date.now();
  const lines = [
    agent.line('source', logSourceOf()),
    agent.line('sample', sampleOf('web-1', 1, { time })),
    agent.line('processes', { ...processesOf(), time }),
    agent.line('filesystems', { ...filesystemsOf(), time }),
    agent.line('log', logLineOf('web-1', 1, { time })),
  ];
  expect((await agent.send(lines)).status).toBe(200);
  expect((await reader.until('sample')).data).toEqual(sampleOf('web-1', 1, { time }));
  expect((await reader.until('log')).data).toEqual(logLineOf('web-1', 1, { time }));
  expect((await reader.until('source')).data).toEqual(logSourceOf());
  await reader.until('processes');
  await reader.until('filesystems');
  await reader.until('host', ({ status }) => status === 'live');
});

test.each(['gzip', 'zstd'] as const)('a batch in %s is the same batch', async (encoding) => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  const lines = [agent.line('describe', observedHost()), agent.line('sample', sampleOf())];
  expect((await agent.send(lines, { encoding })).status).toBe(200);
  expect(await metric(hub, 'watchline_hub_intake_records_total')).toBe(2);
});

test('live batches may lean on those before them, and say so', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  const dictionary = new BatchDictionary();
  const first = [agent.line('describe', observedHost()), agent.line('sample', sampleOf('web-1', 0))];
  expect((await agent.send(first, { encoding: 'zstd' })).status).toBe(200);
  dictionary.learn(first.map(Buffer.from), true);
  const sizes: number[] = [];
  for (let index = 1; index < 4; index++) {
    const line = agent.line('sample', sampleOf('web-1', index));
    const { name, bytes } = dictionary.current!;
    const body = zstdCompressSync(agent.body([line]), { dictionary: bytes });
    sizes.push(body.length);
    const headers = { 'Content-Encoding': 'zstd', [dictionaryHeader]: name };
    expect((await agent.sendBytes(body, headers)).status).toBe(200);
    dictionary.learn([Buffer.from(line)], false);
  }
  expect(Math.max(...sizes)).toBeLessThan(zstdCompressSync(agent.body(first)).length / 2);
  expect(await metric(hub, 'watchline_hub_intake_records_total')).toBe(5);
});

test('a dictionary the hub does not hold is asked for no further: the batch is to come without', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  const body = zstdCompressSync(agent.body([agent.line('describe', observedHost())]));
  const headers = { 'Content-Encoding': 'zstd', [dictionaryHeader]: '0123456789abcdef' };
  const { status, problem } = await agent.sendBytes(body, headers);
  expect([status, problem.code]).toEqual([409, 'unknown-dictionary']);
  expect(await metric(hub, 'watchline_hub_intake_records_total')).toBe(0);
});

describe('a bad record', () => {
  test('is named with its place, and the others are taken', async () => {
    await using world = await startIngestHub();
    const { agent, hub } = world;
    using reader = readStream(hub);
    await reader.until('ready');
    const lines = [
      agent.line('describe', observedHost()),
      agent.line('sample', sampleOf('web-1', 1)),
      agent.line('sample', { ...sampleOf('web-1', 2), uptimeSeconds: 'long' }),
      `{"run":"run0001","seq":4,"mono":`,
      agent.line('log', logLineOf('db-1', 1), { seq: 5 }),
      agent.line(
        'log',
        { ...logLineOf('web-1', 6), deep: JSON.parse('['.repeat(40) + ']'.repeat(40)) },
        { seq: 6 },
      ),
      agent.line('log', logLineOf('web-1', 7, { text: 'the last one' }), { seq: 7 }),
    ];
    const { status, answer } = await agent.send(lines);
    expect(status).toBe(200);
    expect(answer.refused.map(({ run, seq, code }) => [run, seq, code])).toEqual([
      ['run0001', 3, 'bad-record'],
      ['run0001', 4, 'not-json'],
      ['run0001', 5, 'foreign-host'],
      ['run0001', 6, 'bad-record'],
    ]);
    expect(answer.refused[0]!.message).toMatch(/uptimeSeconds/);
    await reader.until('log', ({ text }) => text === 'the last one');
    expect(reader.dataOf('log')).toHaveLength(1);
  });

  test('of a host that is known is counted', async () => {
    await using world = await startIngestHub();
    const { agent, hub } = world;
    await agent.send([agent.line('describe', observedHost()), agent.line('log', {})]);
    const { intake } = (await (await hub.get('/api/v1/hub')).json()) as HubNumbers;
    expect(intake).toMatchObject({ records: 1, refused: 1, duplicates: 0, agents: 1, agentsHeard: 1 });
    expect(await metric(hub, 'watchline_hub_intake_refused_total')).toBe(1);
  });
});

test('a host that never said what it is shows by its id, and is asked to say it', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  const { answer } = await agent.send([agent.line('sample', sampleOf())]);
  expect(answer.describe).toBe(true);
  expect((await reader.until('host')).data).toMatchObject({ name: 'web-1', agentVersion: '0.0.0-test' });
  const described = await agent.send([agent.line('describe', observedHost())]);
  expect(described.answer.describe).toBeUndefined();
  await reader.until('host', ({ name }) => name === 'web-1.example.net');
});

test('a hub that no agent sends to has no numbers of them, and no folder', async () => {
  await using world = await startIngestHub();
  const { hub, agent } = world;
  const numbers = (await (await hub.get('/api/v1/hub')).json()) as HubNumbers;
  expect(numbers.intake).toBeNull();
  expect(await metric(hub, 'watchline_hub_agents')).toBeNull();
  await agent.send([]);
  expect(await metric(hub, 'watchline_hub_agents')).toBe(1);
});
