/** Where a stream is held back, refused or late, the page polls, and goes back once streams pass: nothing lost or doubled. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFaultProxy, type FaultProxy, type Misbehaviour } from '../support/fault-proxy.ts';
import { LineFeed } from '../support/line-feed.ts';
import { observedHost } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import type { StreamTiming } from '../../renderer/stream/timing.ts';
import {
  buildStreamPage,
  faultsIn,
  openStreamPages,
  quickTiming,
  type StreamPage,
  type StreamPages,
} from '../support/stream-page/stream-pages.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let feed: LineFeed;
let pages: StreamPages;
let proxy: FaultProxy;
let page: StreamPage;

beforeAll(async () => {
  const pageDir = opened.use(await buildStreamPage()).path;
  hub = opened.use(await startTestHub({ pageDir, observers: [new ScriptedObserver(observedHost())] }));
  pages = opened.use(await openStreamPages());
  feed = opened.use(new LineFeed(hub.sink));
});
afterAll(() => opened.disposeAsync());

beforeEach(async () => {
  proxy = await startFaultProxy(hub.origin);
});
afterEach(async () => {
  feed.stop();
  await page.page.close();
  await proxy[Symbol.asyncDispose]();
});

/** Through the proxy, signed in. */
async function open(timing: Partial<StreamTiming> = {}): Promise<void> {
  page = await pages.open(proxy.origin + `/${new URL(hub.launchUrl()).hash}`, { ...quickTiming, ...timing });
}

async function expectWhole(): Promise<void> {
  await page.untilNewest(feed.stop());
  expect(faultsIn(await page.lines())).toEqual([]);
}

describe.each<[Misbehaviour, string]>([
  ['buffering', 'held-back'],
  ['trickle', 'held-back'],
  ['refusing', 'refused'],
  ['no-content', 'refused'],
  ['login-page', 'refused'],
  ['ends-after-one', 'cut-short'],
])('a proxy that is %s', (misbehaviour, why) => {
  test('from the beginning: the page polls, and goes back to the stream when it passes', async () => {
    proxy.misbehaviour = misbehaviour;
    await open();
    feed.start(20);
    await page.untilPhase('live', 'polling');
    expect((await page.connections()).at(-1)).toMatchObject({ why });
    await page.untilNewest(feed.stop());
    feed.start(20);
    proxy.misbehaviour = 'none';
    await page.untilPhase('live', 'stream');
    await expectWhole();
  });
});

describe('a stream that is open', () => {
  test('and batched by five seconds is late: the page polls, no trial falls for it, and it goes back', async () => {
    // Patient enough for a `hello` that comes with the first batch.
    await open({ helloMs: 6_000 });
    await page.untilPhase('live', 'stream');
    feed.start(20);
    proxy.misbehaviour = 'batching';
    proxy.cut();
    await page.untilPhase('live', 'polling', 30_000);
    const since = (await page.connections()).length;
    expect((await page.connections()).at(-1)).toMatchObject({ why: 'late' });
    const streamsAsked = streams();
    await until('two trials more', () => streams() >= streamsAsked + 2, 30_000);
    const ways = (await page.connections())
      .slice(since)
      .map((each) => ('via' in each ? each.via : each.phase));
    expect(new Set(ways)).toEqual(new Set(['polling']));
    proxy.misbehaviour = 'none';
    await page.untilPhase('live', 'stream', 30_000);
    await expectWhole();
  });

  test('and dead is opened anew at once, without polling', async () => {
    await open();
    await page.untilPhase('live', 'stream');
    proxy.misbehaviour = 'stalled';
    proxy.cut();
    await until('another stream', () => streams() === 2);
    await page.untilPhase('live', 'stream');
    feed.start(20);
    proxy.misbehaviour = 'none';
    await until('a third stream', () => streams() === 3);
    await page.untilPhase('live', 'stream');
    await expectWhole();
    const vias = (await page.connections()).map((connection) =>
      'via' in connection ? connection.via : null,
    );
    expect(vias).not.toContain('polling');
  });

  test('and stalls each time is given up for polling', async () => {
    await open();
    await page.untilPhase('live', 'stream');
    feed.start(20);
    proxy.misbehaviour = 'stalled';
    proxy.cut();
    await page.untilPhase('live', 'polling');
    expect((await page.connections()).at(-1)).toMatchObject({ why: 'late' });
    await expectWhole();
  });
});

function streams(): number {
  return proxy.asked.filter(({ path }) => path === '/api/v1/stream').length;
}
