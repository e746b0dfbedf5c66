/** What a hub says of a host whose agent sends to it: asleep, gone, paused, cloned, revoked, with a wrong clock. */
import { describe, expect, test } from 'vitest';
import { startIngestHub } from '../support/ingest-hub.ts';
import { observedHost, sampleOf, logLineOf } from '../support/observations.ts';
import { readStream } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

const fast = observedHost('web-1', { intervalMs: 100 });

test('an agent that stops is offline at once, and one that goes to sleep is asleep', async () => {
  await using world = await startIngestHub();
  const { agent, hub, sender } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  const time = Date.now() - 60_000;
  await agent.send(
    [agent.line('describe', observedHost()), agent.line('sample', sampleOf('web-1', 0, { time }))],
    {
      head: { leaving: 'asleep' },
    },
  );
  await reader.until('host', ({ status }) => status === 'asleep');
  const woken = sender('run0002');
  await woken.send([woken.line('sample', sampleOf('web-1', 1, { time: time + 60_000 }))]);
  await reader.until('host', ({ status }) => status === 'live');
  // On a busy machine a batch is long under way, which the hub takes for a clock that is behind.
  const { reason, from, to } = (await reader.until('gap')).data;
  expect(reason).toBe('asleep');
  expect(Math.abs(from - time)).toBeLessThan(20_000);
  expect(Math.abs(to - from - 60_000)).toBeLessThan(20_000);
  await woken.send([], { head: { leaving: 'stopped' } });
  await reader.until('host', ({ status }) => status === 'offline');
});

test('a host that is not heard of is stale, then offline, and live with the next sample', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  await agent.send([agent.line('describe', fast), agent.line('sample', sampleOf())]);
  await reader.until('host', ({ status }) => status === 'offline');
  await agent.send([agent.line('sample', sampleOf('web-1', 1))]);
  await until('the next sample', () => reader.dataOf('sample').length === 2);
  const statuses = reader.dataOf('host').map(({ status }) => status);
  expect(statuses.filter((status, at) => status !== statuses[at - 1])).toEqual([
    'pairing',
    'live',
    'stale',
    'offline',
    'live',
  ]);
});

describe('clocks', () => {
  test.each([3_600_000, -7_200_000])('one that is %i ms off is corrected and told', async (skewMs) => {
    await using world = await startIngestHub();
    const { agent, hub } = world;
    using reader = readStream(hub);
    await reader.until('ready');
    agent.skewMs = skewMs;
    const before = Date.now();
    const wrong = { time: before + skewMs };
    await agent.send([
      agent.line('describe', observedHost()),
      agent.line('sample', sampleOf('web-1', 0, wrong)),
      agent.line('log', logLineOf('web-1', 0, wrong)),
    ]);
    const { data } = await reader.until('sample');
    expect(Math.abs(data.time - before)).toBeLessThan(1_000);
    expect(Math.abs((await reader.until('log')).data.time - before)).toBeLessThan(1_000);
    const { data: host } = await reader.until('host', ({ uplink }) => uplink?.skewMs != null);
    expect(Math.abs(host.uplink!.skewMs! - skewMs)).toBeLessThan(1_000);
    expect(Math.abs(host.lastSeen! - before)).toBeLessThan(1_000);
  });

  test('a jump of one leaves the times of a run evenly spaced', async () => {
    await using world = await startIngestHub();
    const { agent, hub } = world;
    using reader = readStream(hub);
    await reader.until('ready');
    await agent.send([agent.line('describe', fast)]);
    const from = Date.now() - 1_200;
    for (let index = 0; index < 12; index++) {
      agent.skewMs = index < 4 ? 0 : index < 8 ? 86_400_000 : -3_000;
      const time = from + agent.skewMs + index * 100;
      await agent.send([agent.line('sample', sampleOf('web-1', index, { time }))]);
    }
    await until('all samples', () => reader.dataOf('sample').length === 12);
    const times = reader.dataOf('sample').map(({ time }) => time);
    for (const [at, time] of times.slice(1).entries())
      expect(Math.abs(time - times[at]! - 100)).toBeLessThan(60);
  });

  test('records of an earlier run are dated by their wall clock, less what it is off by now', async () => {
    await using world = await startIngestHub();
    const { hub, sender } = world;
    using reader = readStream(hub);
    await reader.until('ready');
    const earlier = sender('run0000');
    const now = sender('run0001');
    now.skewMs = 50_000;
    const before = Date.now() - 60_000;
    await now.send(
      [
        now.line('describe', observedHost()),
        earlier.line('log', logLineOf('web-1', 0, { time: before + now.skewMs }), { mono: 5 }),
      ],
      { head: { kind: 'backfill' } },
    );
    expect(Math.abs((await reader.until('log')).data.time - before)).toBeLessThan(1_000);
  });
});

test('two agents with one token: the second is refused and the host shows why', async () => {
  await using world = await startIngestHub({ maxBatchesPerSecond: 10_000 });
  const { agent, hub, sender } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  await agent.send([agent.line('describe', observedHost()), agent.line('sample', sampleOf())]);
  const clone = sender('clone001');
  expect((await clone.send([clone.line('sample', sampleOf('web-1', 500))])).status).toBe(200);
  const refused = await until('the clone is refused', async () => {
    expect((await agent.send([])).status).toBe(200);
    const answered = await clone.send([]);
    return answered.status !== 200 && answered;
  });
  expect([refused.status, refused.problem.code]).toEqual([409, 'cloned']);
  expect((await agent.send([agent.line('sample', sampleOf('web-1', 1))])).status).toBe(200);
  const { data } = await reader.until('host', ({ uplink }) => uplink?.trouble != null);
  expect(data.uplink!.trouble).toMatch(/second agent/);
});

test('an agent that is revoked is cut off within a second, and hears why when it asks again', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  await agent.send([agent.line('describe', observedHost())]);
  const revoked = await fetch(`${hub.origin}/api/v1/agents/web-1`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${hub.ownerToken}` },
  });
  expect(revoked.ok).toBe(true);
  const { status, problem } = await agent.send([]);
  expect([status, problem.code]).toEqual([403, 'revoked']);
});
