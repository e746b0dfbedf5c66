/** Readers that see a part: how they come back, what is replayed to them, and that they cannot crowd out the owner. */
import { expect, test } from 'vitest';
import type { LogLine } from '../../shared/schema/logs.ts';
import { parsePollBody } from '../../shared/poll.ts';
import { bearer, makeToken } from '../support/callers.ts';
import { logLineOf, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

function readAs(hub: TestHub, token: string, more: Partial<Parameters<typeof readStream>[0]> = {}) {
  return readStream({ port: hub.port, ownerToken: token, ...more });
}

function say(observer: ScriptedObserver, text: string, changes: Partial<LogLine> = {}): void {
  observer.observe({ name: 'log', data: logLineOf('web-1', 0, { time: Date.now(), text, ...changes }) });
}

/** Redacted lines are other bytes than the owner's, so that what is replayed was made anew. */
const redacting = { since: 0, redact: { secrets: true, emails: true, addresses: false } } as const;

test('a replay holds what a live reader of the same share got: the same events, ids and words', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const { token } = await makeShare(hub, { scope: redacting });
  using live = readAs(hub, token);
  using lost = readAs(hub, token);
  const { id: lastEventId } = await lost.until('ready');
  await live.until('ready');
  lost.socket.destroy();
  for (const number of [1, 2, 3]) say(observer, `${number}: ana${number}@example.net`);
  observer.observe({ name: 'sample', data: { ...sampleOf('web-1', 1), time: Date.now() } });
  await live.until('sample', ({ cpu }) => cpu.user === 1);
  using back = readAs(hub, token, { lastEventId });
  expect((await back.until('ready')).data.replayed).toBe(4);
  const after = live.events.slice(live.events.findIndex(({ name }) => name === 'ready') + 1);
  expect(back.events.slice(1, -1)).toEqual(after);
  expect(back.dataOf('log').map(({ text }) => text)).toEqual(['1: [e-mail]', '2: [e-mail]', '3: [e-mail]']);
});

test('a cursor from before a sight was first used gets reset and a snapshot; its own cursors are resumed', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  using owner = readStream(hub);
  const { id: lastEventId } = await owner.until('ready');
  say(observer, 'one');
  await owner.until('log');
  const { token } = await makeToken(hub, ['read']);
  using early = readAs(hub, token, { lastEventId });
  expect((await early.until('reset')).data.reason).toBe('sight');
  const { id: own } = await early.until('ready');
  using again = readAs(hub, token, { lastEventId: own });
  expect((await again.until('hello')).data.resumed).toBe(true);
  expect(again.dataOf('reset')).toEqual([]);
});

test('polls of a sight go on where they were', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const { token } = await makeShare(hub, { scope: redacting });
  const poll = async (query: string) => {
    const answer = await fetch(`${hub.origin}/api/v1/poll?wait=0${query}`, { headers: bearer(token) });
    return parsePollBody(await answer.text());
  };
  const first = await poll('');
  expect(first[0]!.data).toContain('"role":"viewer"');
  expect((await poll(`&cursor=${first.at(-1)!.id}`)).map(({ name }) => name)).toEqual(['ping']);
  say(observer, 'mail to ana@example.net');
  const [line] = await poll(`&cursor=${first.at(-1)!.id}`);
  expect((JSON.parse(line!.data) as LogLine).text).toBe('mail to [e-mail]');
});

test('a live share bridges a lost connection, and not what was before', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const { token } = await makeShare(hub);
  using first = readAs(hub, token, { query: 'channels=logs' });
  const { id: lastEventId } = await first.until('ready');
  first.socket.destroy();
  say(observer, 'missed');
  using back = readAs(hub, token, { query: 'channels=logs', lastEventId });
  expect((await back.until('log')).data.text).toBe('missed');
  const { id: later } = await back.until('ready');
  say(observer, 'two minutes old', { time: Date.now() - 120_000 });
  using late = readAs(hub, token, { query: 'channels=logs', lastEventId: later });
  expect((await late.until('reset')).data.reason).toBe('evicted');
  await late.until('ready');
  expect([back, late].map((reader) => JSON.stringify(reader.events)).join()).not.toContain('two minutes old');
});

test('who was given a link cannot take the streams that are left for the owner', async () => {
  await using hub = await startTestHub({ maxStreams: 10 });
  const { token } = await makeShare(hub);
  using opened = new DisposableStack();
  const ready = Array.from({ length: 9 }, () => opened.use(readAs(hub, token)).until('ready'));
  await Promise.all(ready);
  const refused = await fetch(`${hub.origin}/api/v1/stream`, { headers: bearer(token) });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  using owner = readStream(hub);
  await owner.until('ready');
  await until('the limit to be told of', async () =>
    (await (await hub.get('/metrics')).text()).includes('watchline_hub_streams_refused_total 1'),
  );
});
