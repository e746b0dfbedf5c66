/** The uplink of an agent, against hubs that are scripted to be well, gone, strange or hostile. */
import { describe, expect, test } from 'vitest';
import type { UplinkNews } from '../../agent/uplink/uplink-news.ts';
import { logLineOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import {
  answersEndlessly,
  answersHtml,
  neverAnswers,
  redirects,
  refuses,
  startScriptedUplinkHub,
  takes,
  takesAtMost,
  type ScriptedUplinkHub,
} from '../support/scripted-uplink-hub.ts';
import { startUplink, type TestUplink } from '../support/start-uplink.ts';
import { makeTlsIdentity } from '../support/tls-listener.ts';
import { until } from '../support/until.ts';

/** No pause is longer than it has to be. */
const hasty = () => 0;

function observe({ uplink }: TestUplink, count: number, from = 0): void {
  for (let index = from; index < from + count; index++)
    uplink.observe({ name: 'log', data: logLineOf('web-1', index) });
}

function sequencesOf(hub: ScriptedUplinkHub): number[] {
  return hub.taken.flatMap(({ records }) => records.map(({ seq }) => seq)).sort((a, b) => a - b);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function troubleIn(news: readonly UplinkNews[]) {
  return news.flatMap((item) => (item.kind === 'trouble' ? [item.trouble] : []));
}

describe.concurrent('a hub that is well', () => {
  test.for([
    ['HTTP/2 over TLS', { tls: makeTlsIdentity() }, 1],
    ['HTTP/1.1 over TLS', { tls: makeTlsIdentity(), http2: false }, 1],
    ['HTTP/1.1 on this machine', {}, 1],
  ] as const)(
    'gets every record once by %s, over a connection that is kept',
    async ([, options, connections]) => {
      await using hub = await startScriptedUplinkHub(takes, options);
      await using agent = await startUplink({
        url: hub.url,
        trust: hub.pin === '' ? { kind: 'system' } : { kind: 'pin', pin: hub.pin },
        random: hasty,
      });
      agent.uplink.describe(observedHost());
      for (let index = 0; index < 4; index++) {
        agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', index) });
        const before = hub.taken.length;
        await until('a batch', () => hub.taken.length > before);
      }
      expect(sequencesOf(hub)).toEqual(upTo(5));
      expect(hub.taken[0]!.records.map(({ name }) => name)).toEqual(['describe', 'sample']);
      expect(hub.taken[0]!.headers.authorization).toBe('Bearer a-token-of-a-test');
      expect(hub.connections).toBe(connections);
      await until('the spool to be empty', () => agent.spool.waiting().records === 0);
      expect(agent.news.map(({ kind }) => kind)).toEqual(['connected']);
    },
  );

  test('gets what is at hand with the sample, and the sample at once where that takes its time', async () => {
    await using hub = await startScriptedUplinkHub();
    const asked = Promise.withResolvers<void>();
    let calls = 0;
    await using agent = await startUplink({
      url: hub.url,
      random: hasty,
      beforeLive: () => {
        calls++;
        if (calls > 1) return asked.promise;
        agent.uplink.observe({ name: 'log', data: logLineOf('web-1', 0) });
        return Promise.resolve();
      },
    });
    agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', 0) });
    await until('a batch', () => hub.taken.length > 0);
    expect(hub.taken[0]!.records.map(({ name }) => name)).toEqual(['sample', 'log']);
    agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', 1) });
    await until('the sample', () => hub.taken.flatMap(({ records }) => records).length === 3);
    asked.resolve();
  });

  test('gets little: a batch like the one before it is a tenth of its size', async () => {
    await using hub = await startScriptedUplinkHub();
    await using agent = await startUplink({ url: hub.url, random: hasty });
    for (let index = 0; index < 4; index++) {
      agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', index) });
      agent.uplink.observe({ name: 'processes', data: processesOf('web-1', index) });
      await until('a batch', () => hub.taken.length > index);
    }
    expect(hub.taken[0]!.headers).not.toHaveProperty('watchline-dictionary');
    expect(hub.taken[3]!.headers).toHaveProperty('watchline-dictionary');
    expect(hub.taken[3]!.bytes).toBeLessThan(hub.taken[0]!.bytes / 3);
  });

  test('hears why the agent ends, with the last it observed', async () => {
    await using hub = await startScriptedUplinkHub();
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 1);
    await until('a batch', () => hub.taken.length > 0);
    observe(agent, 1, 1);
    await agent.uplink.leave('asleep');
    expect(hub.taken.at(-1)).toMatchObject({ head: { leaving: 'asleep' }, records: [{ seq: 2 }] });
    observe(agent, 1, 2);
    await agent[Symbol.asyncDispose]();
    expect(agent.spool.waiting().records).toBe(1);
  });

  test('is told of a pause by nobody but its owner: nothing is observed until it is over', async () => {
    await using hub = await startScriptedUplinkHub(() => ({
      body: { serverTime: 0, refused: [], paused: true },
    }));
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 1);
    await until('the pause', () => agent.pauses.length > 0);
    observe(agent, 5, 1);
    expect(agent.pauses).toEqual([true]);
    expect(agent.spool.waiting().records).toBe(0);
    expect(agent.news.map(({ kind }) => kind)).toEqual(['connected', 'paused']);
  });

  test('names the record it refuses: it is told once and not sent again', async () => {
    await using hub = await startScriptedUplinkHub(({ records }) => ({
      body: {
        serverTime: 0,
        paused: false,
        refused: records.map(({ run, seq }) => ({ run, seq, code: 'bad-record', message: `No ${seq}.` })),
      },
    }));
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 3);
    await until('the refusals to be heard', () => agent.news.some(({ kind }) => kind === 'refused'));
    expect(agent.news.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { refusal: { seq: 1, code: 'bad-record', message: 'No 1.' } },
    ]);
    expect(agent.spool.waiting().records).toBe(0);
  });
});

describe.concurrent('a hub that was gone', () => {
  test('gets what was kept beside what is new, each once', async () => {
    await using away = await startScriptedUplinkHub();
    const port = Number(away.url.port);
    await away[Symbol.asyncDispose]();
    await using agent = await startUplink({ url: away.url, random: hasty });
    observe(agent, 3_000);
    await until('the trouble', () => troubleIn(agent.news).length > 0);
    expect(troubleIn(agent.news)[0]).toMatchObject({
      code: 'unreachable',
      message: `127.0.0.1:${port} refuses connections.`,
    });
    await using hub = await startScriptedUplinkHub(takes, { port });
    observe(agent, 10, 3_000);
    await until('all of it', () => sequencesOf(hub).length >= 3_010);
    expect(sequencesOf(hub)).toEqual(upTo(3_010));
    const kinds = hub.taken.map(({ head }) => head.kind);
    expect(kinds[0]).toBe('live');
    expect(kinds).toContain('backfill');
    await until('the spool to be empty', () => agent.spool.waiting().records === 0);
    expect(agent.news.at(-1)).toMatchObject({ kind: 'connected' });
  });

  test('is asked by live batches while the backfill is not answered', async () => {
    await using hub = await startScriptedUplinkHub(refuses(503, 'disk-full', { 'retry-after': '0' }));
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 100);
    await until('the trouble', () => troubleIn(agent.news).length > 0);
    expect(hub.batches.every(({ head }) => head.kind === 'live')).toBe(true);
    hub.script = (batch) => (batch.head.kind === 'backfill' ? null : {});
    observe(agent, 1, 100);
    await until('the backfill to be under way', () =>
      hub.batches.some(({ head }) => head.kind === 'backfill'),
    );
    for (let index = 0; index < 3; index++) {
      const before = hub.taken.length;
      agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', index) });
      await until('a live batch', () => hub.taken.length > before);
    }
    expect(hub.batches.filter(({ head }) => head.kind === 'backfill')).toHaveLength(1);
  });

  test('that was started anew gets the same batch without a dictionary', async () => {
    await using first = await startScriptedUplinkHub();
    const port = Number(first.url.port);
    await using agent = await startUplink({ url: first.url, random: hasty });
    for (let index = 0; index < 2; index++) {
      agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', index) });
      await until('a batch', () => first.taken.length > index);
    }
    await first[Symbol.asyncDispose]();
    await using hub = await startScriptedUplinkHub(takes, { port });
    agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', 2) });
    await until('the third', () => sequencesOf(hub).includes(3));
    expect(hub.taken[0]!.headers).not.toHaveProperty('watchline-dictionary');
  });

  test('that does not hold a dictionary gets the same batch without one, at once', async () => {
    await using hub = await startScriptedUplinkHub();
    await using agent = await startUplink({ url: hub.url, random: hasty });
    agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', 0) });
    await until('a batch', () => hub.taken.length > 0);
    hub.forgetDictionary();
    agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', 1) });
    await until('the second', () => hub.taken.length > 1);
    expect(hub.unknownDictionaries).toBe(1);
    expect(hub.taken[1]!.records.map(({ seq }) => seq)).toEqual([2]);
    expect(troubleIn(agent.news)).toEqual([]);
  });
});

describe.concurrent('what stands at the address of a hub and is none', () => {
  test.for([
    ['a web page', answersHtml, 'not-a-hub', /answers with a web page \(200\), not as a hub/],
    ['a captive portal', redirects, 'redirected', /redirects to http:\/\/portal\.example \(302\)/],
    [
      'a proxy before it',
      () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: 'Bad' }),
      'not-a-hub',
      /A proxy answers for .* \(502\): the hub behind it does not/,
    ],
    ['an answer without an end', answersEndlessly, 'answer-too-large', /larger than 2097152 bytes/],
  ] as const)('%s is named; nothing is lost, and nothing is followed', async ([, script, code, words]) => {
    await using hub = await startScriptedUplinkHub(script);
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 3);
    const [trouble] = await until('the trouble', () => {
      const troubles = troubleIn(agent.news);
      return troubles.length > 0 && troubles;
    });
    expect(trouble).toMatchObject({ code });
    expect(trouble!.message).toMatch(words);
    expect(trouble!.remedy).not.toBeNull();
    hub.script = takes;
    await until('the records', () => sequencesOf(hub).length >= 3);
    expect(sequencesOf(hub)).toEqual([1, 2, 3]);
    expect(hub.others).toEqual([]);
  });

  test('another key hears nothing, is not tried again soon, and the records stay', async () => {
    await using hub = await startScriptedUplinkHub(takes, { tls: makeTlsIdentity() });
    const trust = { kind: 'pin', pin: `sha256/${'A'.repeat(43)}` } as const;
    await using agent = await startUplink({ url: hub.url, trust, random: hasty });
    observe(agent, 3);
    const [item] = await until('the trouble', () => {
      const told = agent.news.filter((each) => each.kind === 'trouble');
      return told.length > 0 && told;
    });
    expect(item!.trouble).toMatchObject({ code: 'pin-changed' });
    expect(item!.trouble.remedy).toContain(`--pin ${hub.pin}`);
    expect(item!.tryAgainMs).toBeGreaterThan(30_000);
    expect(hub.batches).toEqual([]);
    expect(agent.spool.waiting().records).toBe(3);
  });
});

describe.concurrent('a hub that refuses', () => {
  test.for([
    ['revoked', 403, 3_600_000],
    ['unauthorised', 401, 3_600_000],
    ['cloned', 409, 300_000],
    ['incompatible', 426, 300_000],
  ] as const)('for being %s is not hammered', async ([code, status, leastMs]) => {
    await using hub = await startScriptedUplinkHub(refuses(status, code));
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 1);
    const told = await until('the trouble', () => agent.news.find((item) => item.kind === 'trouble'));
    expect(told.trouble.code).toBe(code);
    expect(told.tryAgainMs).toBeGreaterThan(leastMs - 1_000);
    for (let index = 0; index < 5; index++)
      agent.uplink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    await agent.uplink.leave('stopped');
    expect(hub.batches).toHaveLength(1);
    expect(agent.spool.waiting().records).toBe(6);
  });

  test('for a while is left alone for as long as it says', async () => {
    await using hub = await startScriptedUplinkHub(refuses(503, 'hub-full', { 'retry-after': '120' }));
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 1);
    const told = await until('the trouble', () => agent.news.find((item) => item.kind === 'trouble'));
    expect(told.trouble).toMatchObject({ code: 'hub-full', remedy: 'Mend it.' });
    expect(told.tryAgainMs).toBeGreaterThan(119_000);
  });

  test('large batches gets smaller ones; a record that alone is too large is given up, and told', async () => {
    await using hub = await startScriptedUplinkHub(takesAtMost(7));
    await using agent = await startUplink({ url: hub.url, random: hasty });
    observe(agent, 40);
    await until('all of it', () => sequencesOf(hub).length >= 40);
    expect(sequencesOf(hub)).toEqual(upTo(40));
    hub.script = takesAtMost(0);
    observe(agent, 1, 40);
    await until('it to be given up', () => agent.news.some(({ kind }) => kind === 'refused'));
    expect(agent.news.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { refusal: { seq: 41, code: 'batch-too-large' } },
    ]);
    await until('the spool to be empty', () => agent.spool.waiting().records === 0);
  });
});

test.concurrent('a hub that never answers does not keep an agent from ending', async () => {
  await using hub = await startScriptedUplinkHub(neverAnswers);
  await using agent = await startUplink({ url: hub.url, random: hasty });
  observe(agent, 1);
  await until('the batch', () => hub.batches.length > 0);
  await agent[Symbol.asyncDispose]();
  expect(agent.spool.waiting().records).toBe(1);
});
