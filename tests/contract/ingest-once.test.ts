/** Whatever the link does, each record is told once; what came late is told as late. */
import { describe, expect, test } from 'vitest';
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import { startIngestHub } from '../support/ingest-hub.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { readStream } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

test('a batch that is sent again, whole or in part, is told once', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  const lines = [agent.line('describe', observedHost()), agent.line('sample', sampleOf('web-1', 0))];
  for (let index = 0; index < 8; index++) lines.push(agent.line('log', logLineOf('web-1', index)));
  const answers = await Promise.all([lines, lines, lines.slice(4), lines].map((sent) => agent.send(sent)));
  expect(answers.map(({ status, answer }) => [status, answer.refused])).toEqual(answers.map(() => [200, []]));
  await agent.send([agent.line('log', logLineOf('web-1', 0, { text: 'end' }))]);
  await reader.until('log', ({ text }) => text === 'end');
  expect(reader.dataOf('log').map(({ text }) => text)).toEqual([
    ...Array.from({ length: 8 }, (_, index) => `line ${index}`),
    'end',
  ]);
  expect(reader.dataOf('sample')).toHaveLength(1);
  expect(await metric(hub, 'watchline_hub_intake_duplicates_total')).toBe(26);
});

test('live batches overtake the backfill, and both are told, once each', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  // What came before that would be told as what is held, not as it came.
  await reader.until('ready');
  const now = Date.now();
  const at = (index: number) => sampleOf('web-1', index, { time: now - (200 - index) * 1_000 });
  await agent.send([agent.line('describe', observedHost()), agent.line('sample', at(0))]);
  const kept = Array.from({ length: 150 }, (_, index) => agent.line('sample', at(index + 1)));
  const newest = Array.from({ length: 10 }, (_, index) => agent.line('sample', at(index + 151)));
  const waiting = { records: 150, since: now - 199_000 };
  await agent.send(newest, { head: { waiting } });
  const backfill = (from: number, to: number) =>
    agent.send(kept.slice(from, to), {
      head: { kind: 'backfill', waiting: { records: 150 - to, since: null } },
    });
  await backfill(0, 70);
  await backfill(50, 120);
  await backfill(110, 150);
  await reader.until('backfill', ({ times }) => times.at(-1) === at(150).time);

  expect(reader.dataOf('sample').map(({ time }) => time)).toEqual(
    [0, ...Array.from({ length: 10 }, (_, index) => index + 151)].map((index) => at(index).time),
  );
  const late = reader.dataOf('backfill');
  expect(Math.max(...late.map(({ times }) => times.length))).toBeLessThanOrEqual(60);
  expect(late.flatMap(({ times }) => times)).toEqual(
    Array.from({ length: 150 }, (_, index) => at(index + 1).time),
  );
  expect(late.flatMap(({ series }) => series['cpu.user'])).toEqual(
    Array.from({ length: 150 }, (_, index) => at(index + 1).cpu.user),
  );
  // Who comes now is given all of it, in order.
  using later = readStream({ ...hub, query: 'recent=900' });
  const { data } = await later.until('recent');
  expect(data.times).toEqual(Array.from({ length: 161 }, (_, index) => at(index).time));
});

describe('what was missing', () => {
  test('is told as a gap when the host is back, and no more once it was caught up on', async () => {
    await using world = await startIngestHub();
    const { agent, hub } = world;
    using reader = readStream(hub);
    await reader.until('ready');
    const now = Date.now();
    const at = (index: number) => sampleOf('web-1', index, { time: now - (100 - index) * 1_000 });
    await agent.send([agent.line('describe', observedHost()), agent.line('sample', at(0))]);
    const kept = Array.from({ length: 80 }, (_, index) => agent.line('sample', at(index + 1)));
    await agent.send([agent.line('sample', at(81))], {
      head: { waiting: { records: 80, since: at(1).time } },
    });
    expect((await reader.until('gap')).data).toEqual({
      host: 'web-1',
      channel: 'metrics',
      reason: 'offline',
      from: at(0).time,
      to: at(81).time,
      count: null,
    });
    await agent.send(kept.slice(0, 40), {
      head: { kind: 'backfill', waiting: { records: 40, since: at(41).time } },
    });
    using during = readStream(hub);
    await during.until('ready');
    expect(during.dataOf('gap').map(({ from, to }) => [from, to])).toEqual([[at(40).time, at(81).time]]);
    await agent.send(kept.slice(40), { head: { kind: 'backfill' } });
    using after = readStream(hub);
    await after.until('ready');
    expect(after.dataOf('gap')).toEqual([]);
  });

  test('of which a page holds nothing any more is taken, and not told', async () => {
    await using world = await startIngestHub();
    const { agent, hub } = world;
    using reader = readStream(hub);
    await reader.until('ready');
    await agent.send([agent.line('describe', observedHost())]);
    const ago = (seconds: number) => ({ time: Date.now() - seconds * 1_000 });
    const lines = [
      agent.line('sample', sampleOf('web-1', 1, ago(MAX_RECENT_SECONDS + 10))),
      agent.line('log', logLineOf('web-1', 1, ago(MAX_RECENT_SECONDS + 10))),
      agent.line('sample', sampleOf('web-1', 2, ago(MAX_RECENT_SECONDS - 10))),
      agent.line('log', logLineOf('web-1', 2, ago(MAX_RECENT_SECONDS - 10))),
    ];
    const { answer } = await agent.send(lines, { head: { kind: 'backfill' } });
    expect(answer.refused).toEqual([]);
    expect((await reader.until('log')).data).toMatchObject({ text: 'line 2', late: true });
    expect((await reader.until('backfill')).data.times).toHaveLength(1);
    expect(reader.dataOf('log')).toHaveLength(1);
    expect(reader.dataOf('sample')).toEqual([]);
  });
});

test('while a spool is emptied its host shows how much has come', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  using reader = readStream(hub);
  await reader.until('ready');
  await agent.send([agent.line('describe', observedHost()), agent.line('sample', sampleOf())]);
  const send = (records: number) =>
    agent.send(
      Array.from({ length: 10 }, (_, index) => agent.line('log', logLineOf('web-1', index))),
      { head: { kind: 'backfill', waiting: { records, since: 1 } } },
    );
  await send(30);
  const { data } = await reader.until('host', ({ status }) => status === 'backfilling');
  expect(data.uplink?.backfillPercent).toBe(25);
  await send(0);
  await until('its end', () => reader.dataOf('host').at(-1)!.status === 'live');
  expect(reader.dataOf('host').at(-1)!.uplink?.backfillPercent).toBeNull();
});
