/** A hub that is killed right after it answered, or whose disk is full, owes nothing to its agents and tells nothing twice. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { BatchSender, pairedToken } from '../support/batch-sender.ts';
import { startHubProcess, type HubProcess } from '../support/hub-process.ts';
import { startIngestHub } from '../support/ingest-hub.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { canMount, mountSmallDisk } from '../support/small-disk.ts';
import { IntakeHarvest } from '../support/soak/intake-harvest.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

async function killedAfter(hub: HubProcess, last: Promise<unknown>): Promise<void> {
  await last;
  process.kill(hub.pid, 'SIGKILL');
  await hub[Symbol.asyncDispose]();
}

test('killed right after each answer: nothing is lost and nothing doubled, on the disk and on the stream', async () => {
  await using folder = await makeTempFolder();
  const dataDir = folder.path;
  const agent = new BatchSender({ origin: '', token: pairedToken(dataDir, 'db-1'), run: 'run0001' });
  const start = Date.now() - 300_000;
  let count = 0;
  const observed = () => {
    const time = start + ++count * 1_000;
    return [
      agent.line('sample', sampleOf('db-1', count, { time })),
      agent.line('log', logLineOf('db-1', count, { time, text: `line ${count} .` })),
    ];
  };
  const some = () => Array.from({ length: 6 }, observed).flat();
  let unanswered = [agent.line('describe', observedHost('db-1'))];
  for (let life = 0; life < 4; life++) {
    const hub = await startHubProcess({ hub: { dataDir } });
    agent.origin = hub.origin;
    // As if the answer had been lost with the hub that gave it.
    const again = await agent.send(unanswered, { head: { kind: life === 0 ? 'live' : 'backfill' } });
    expect([again.status, again.answer.refused]).toEqual([200, []]);
    const [kept, live] = [some(), some()];
    const answers = Promise.all([agent.send(kept, { head: { kind: 'backfill' } }), agent.send(live)]);
    await killedAfter(hub, answers);
    expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
    unanswered = [...kept.slice(6), ...live];
  }

  await using hub = await startHubProcess({ hub: { dataDir } });
  using reader = readStream({ ...hub, query: 'hosts=db-1&recent=900' });
  await reader.until('ready');
  expect(reader.dataOf('host')).toMatchObject([
    { name: 'db-1.example.net', status: 'offline', origin: 'agent' },
  ]);
  const texts = reader.dataOf('log').map(({ text }) => text);
  expect(new Set(texts).size).toBe(count);
  expect(texts).toHaveLength(count);
  expect(reader.dataOf('recent')[0]!.times).toEqual(
    Array.from({ length: count }, (_, index) => start + (index + 1) * 1_000),
  );
  agent.origin = hub.origin;
  await agent.send(unanswered, { head: { kind: 'backfill' } });
  await agent.send([agent.line('log', logLineOf('db-1', 0, { text: 'end' }))]);
  await reader.until('log', ({ text }) => text === 'end');
  expect(reader.dataOf('log')).toHaveLength(count + 1);

  process.kill(hub.pid, 'SIGKILL');
  await hub[Symbol.asyncDispose]();
  const harvest = new IntakeHarvest();
  await harvest.read(path.join(dataDir, 'intake'));
  const { times, lines, samples } = harvest.runs.get('run0001')!;
  expect(times).toEqual(times.map(() => 1));
  expect(times).toHaveLength(2 * count + 2);
  expect([lines.length, samples, harvest.damaged]).toEqual([count, count, 0]);
});

test.skipIf(!(await canMount()))(
  'a full disk: streaming goes on, the trouble is shown, and it recovers',
  async () => {
    await using disk = (await mountSmallDisk(4 * 1024 * 1024))!;
    await using world = await startIngestHub({ dataDir: disk.path });
    const { agent, hub } = world;
    using reader = readStream(hub);
    await agent.send([agent.line('describe', observedHost()), agent.line('sample', sampleOf())]);
    const makeRoom = disk.fill();
    const filling = 'x'.repeat(20_000);
    let sent: string[] = [];
    const refused = await until('a batch that cannot be kept', async () => {
      sent = [agent.line('log', logLineOf('web-1', 1, { text: filling })), agent.line('log', logLineOf())];
      const answered = await agent.send(sent);
      return answered.status !== 200 && answered;
    });
    expect([refused.status, refused.problem.code]).toEqual([503, 'disk-full']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await reader.until('host', ({ uplink }) => /full|space/i.test(uplink?.trouble ?? ''));
    const told = await until('what was not kept is told', () => reader.dataOf('log').length || null);

    await makeRoom();
    const again = await until('the batch is kept', async () => {
      const answered = await agent.send(sent, { head: { kind: 'backfill' } });
      return answered.status === 200 && answered;
    });
    expect(again.answer.refused).toEqual([]);
    await agent.send([agent.line('log', logLineOf('web-1', 0, { text: 'end' }))]);
    await reader.until('log', ({ text }) => text === 'end');
    expect(reader.dataOf('log')).toHaveLength(told + 1);
  },
);
