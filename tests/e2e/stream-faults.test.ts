/** Whatever answers in the place of a stream, the page comes back by itself with its cursor, and never hammers. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFaultProxy, type FaultProxy, type Misbehaviour } from '../support/fault-proxy.ts';
import { LineFeed } from '../support/line-feed.ts';
import { observedHost } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import {
  buildStreamPage,
  faultsIn,
  openStreamPages,
  quickTiming,
  type StreamPage,
  type StreamPages,
} from '../support/stream-page/stream-pages.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let pageDir: string;
let dataDir: string;
let hub: TestHub;
let feed: LineFeed;
let pages: StreamPages;
let proxy: FaultProxy;
let page: StreamPage;
const observer = new ScriptedObserver(observedHost());

beforeAll(async () => {
  pageDir = opened.use(await buildStreamPage()).path;
  dataDir = opened.use(await makeTempFolder()).path;
  hub = await startTestHub({ pageDir, dataDir, observers: [observer] });
  opened.defer(() => hub[Symbol.asyncDispose]());
  pages = opened.use(await openStreamPages());
});
afterAll(() => opened.disposeAsync());

beforeEach(async () => {
  proxy = await startFaultProxy(hub.origin);
  feed = new LineFeed(hub.sink, feed?.next);
  page = await pages.open(`${proxy.origin}/${new URL(hub.launchUrl()).hash}`, {
    ...quickTiming,
    // Doubts have tests of their own: here the stream alone has to manage.
    doubtMs: 60_000,
  });
  await page.untilPhase('live', 'stream');
});
afterEach(async () => {
  feed.stop();
  await page.page.close();
  await proxy[Symbol.asyncDispose]();
});

async function expectWhole(): Promise<void> {
  await page.untilNewest(feed.stop());
  expect(faultsIn(await page.lines())).toEqual([]);
}

describe.each<[Misbehaviour]>([
  ['refusing'],
  ['restarting'],
  ['no-content'],
  ['login-page'],
  ['ends-after-one'],
])('a proxy that is %s for a while', (misbehaviour) => {
  test('the page is back by itself, with its cursor', async () => {
    feed.start(20);
    await page.untilNewest(feed.stop());
    feed.start(20);
    proxy.misbehaviour = misbehaviour;
    proxy.cut();
    const before = proxy.asked.length;
    await until('several attempts', () => proxy.asked.length >= before + 4);
    const attempts = proxy.asked.slice(before);
    expect(attempts.filter(({ lastEventId }) => lastEventId === null)).toEqual([]);
    proxy.misbehaviour = 'none';
    await page.untilPhase('live');
    await expectWhole();
  });
});

test('a proxy that answers nothing but 502 is not hammered', async () => {
  proxy.misbehaviour = 'restarting';
  proxy.cut();
  const before = proxy.asked.length;
  await until('four attempts', () => proxy.asked.slice(before).filter(isStream).length >= 8);
  expectNoTightLoop(proxy);
});

test('429 with Retry-After: nothing is asked before that time', async () => {
  proxy.misbehaviour = 'too-many';
  proxy.cut();
  const wait = await until('a refusal', async () =>
    (await page.connections()).find((each) => each.phase === 'waiting' && each.reason === 'busy'),
  );
  expect(wait).toSatisfy(({ retryAt, at }) => retryAt - at >= 2_000);
  const told = proxy.asked.length;
  const toldAt = proxy.asked.at(-1)!.at;
  feed.start(20);
  await until('another attempt', () => proxy.asked.length > told);
  expect(proxy.asked[told]!.at - toldAt).toBeGreaterThanOrEqual(1_950);
  proxy.misbehaviour = 'none';
  await page.untilPhase('live', 'stream');
  await expectWhole();
});

test('a stream that is silent for long is opened anew', async () => {
  await page.page.close();
  page = await pages.open(proxy.origin, { ...quickTiming, doubtMs: 60_000, silenceMs: 1_000, provenMs: 100 });
  await page.untilPhase('live', 'stream');
  const before = proxy.asked.length;
  await until('another stream', () => proxy.asked.length > before);
  expect(
    (await page.connections()).some((each) => each.phase === 'waiting' && each.reason === 'silent'),
  ).toBe(true);
});

test('a protocol of the future stops the page, which asks no more', async () => {
  proxy.misbehaviour = 'wrong-protocol';
  proxy.cut();
  await page.untilPhase('incompatible');
  expect((await page.connections()).at(-1)).toMatchObject({ hubProtocol: 9 });
  const asked = proxy.asked.length;
  feed.start(20);
  await until('the hub to go on', () => feed.next % 50 === 0);
  expect(proxy.asked.length).toBe(asked);
});

test('a hub that restarts says when to come back: all tabs do, and what is new is whole', async () => {
  const second = await pages.open(proxy.origin);
  await second.untilPhase('live');
  feed.stop();
  const { port } = hub;
  await hub[Symbol.asyncDispose]();
  hub = await startTestHub({ pageDir, dataDir, port, observers: [observer] });
  feed = new LineFeed(hub.sink, feed.next);
  const waits = await Promise.all(
    [page, second].map((tab) =>
      until('a wait for the hub', async () =>
        (await tab.connections()).find((each) => each.phase === 'waiting' && each.reason === 'restarting'),
      ),
    ),
  );
  // Of the tab that heard it: the other one is told of it, and may be late.
  const heardAt = Math.min(...waits.map(({ at }) => at));
  for (const wait of waits) expect(wait).toSatisfy(({ retryAt }) => retryAt - heardAt >= 2_000);
  for (const tab of [page, second]) await tab.untilPhase('live', 'stream');
  feed.start(20);
  const newest = feed.stop();
  for (const tab of [page, second]) {
    await tab.untilNewest(newest);
    expect(await tab.names()).toContain('reset');
  }
  await second.page.close();
});

test('a session that ended signs every tab out, and a new one brings all of them back', async () => {
  const second = await pages.open(proxy.origin);
  await second.untilPhase('live');
  await pages.context.clearCookies();
  proxy.cut();
  for (const tab of [page, second]) await tab.untilPhase('signed-out', undefined, 20_000);
  const third = await pages.open(`${proxy.origin}/${new URL(hub.launchUrl()).hash}`);
  feed.start(20);
  const newest = feed.stop();
  for (const tab of [page, second, third]) {
    await tab.untilPhase('live');
    await tab.untilNewest(newest);
  }
  await second.page.close();
  await third.page.close();
});

/** A refused attempt asks for the stream twice: once more to read the status. Two attempts may follow each other closely. */
function expectNoTightLoop({ asked }: FaultProxy): void {
  const streams = asked.filter(isStream);
  const crowded = streams.filter(({ at }, index) => (streams[index + 5]?.at ?? Infinity) - at < 500);
  expect(crowded).toEqual([]);
}

function isStream({ path }: { path: string }): boolean {
  return path === '/api/v1/stream';
}
