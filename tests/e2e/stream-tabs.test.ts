/** Tabs of one browser share one stream, and none loses or doubles an event when its leader goes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observedHost } from '../support/observations.ts';
import { LineFeed } from '../support/line-feed.ts';
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
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let feed: LineFeed;
let pageDir: string;

beforeAll(async () => {
  pageDir = opened.use(await buildStreamPage()).path;
  hub = opened.use(await startTestHub({ pageDir, observers: [new ScriptedObserver(observedHost())] }));
  feed = opened.use(new LineFeed(hub.sink));
});
afterAll(() => opened.disposeAsync());

async function openStreams(): Promise<number> {
  const text = await (await hub.get('/metrics')).text();
  return [...text.matchAll(/^watchline_hub_streams(?:\{[^}]*\})? (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

/** Pages of one signed-in browser, all live. Seven are one more than a browser opens connections to a host. */
async function openTabs(pages: StreamPages, count = 7): Promise<StreamPage[]> {
  const tabs = [await pages.open(hub.launchUrl())];
  for (let each = 1; each < count; each++) tabs.push(await pages.open(hub.origin));
  for (const tab of tabs) await tab.untilPhase('live');
  return tabs;
}

async function rolesOf(tabs: readonly StreamPage[]): Promise<(string | null)[]> {
  return Promise.all(tabs.map((tab) => tab.role()));
}

async function leaderOf(tabs: readonly StreamPage[]): Promise<StreamPage> {
  return until('one leader', async () => {
    const roles = await rolesOf(tabs);
    return roles.filter((role) => role === 'leader').length === 1 && tabs[roles.indexOf('leader')];
  });
}

async function expectWhole(tabs: readonly StreamPage[], newest: string): Promise<void> {
  for (const tab of tabs) {
    await tab.untilNewest(newest);
    expect(faultsIn(await tab.lines())).toEqual([]);
  }
}

describe('tabs over HTTP/1.1', () => {
  test('seven of them: all update from one stream; the next leads when the leader is closed', async () => {
    await using pages = await openStreamPages();
    const tabs = await openTabs(pages);
    feed.start(20);
    await until('one stream', async () => (await openStreams()) === 1);
    const first = await leaderOf(tabs);
    await expectWhole(tabs, feed.stop());

    feed.start(20);
    await first.page.close();
    const rest = tabs.filter((tab) => tab !== first);
    await leaderOf(rest);
    await until('one stream', async () => (await openStreams()) === 1);
    await expectWhole(rest, feed.stop());
  });

  test('a tab that misses what the leader said asks the hub for it', async () => {
    await using pages = await openStreamPages();
    const leader = await pages.open(hub.launchUrl());
    await leader.untilPhase('live');
    await pages.context.addInitScript(loseMessages);
    // It would take the lead, were an answer lost as well.
    const deaf = await pages.open(hub.origin, { ...quickTiming, leaderAskMs: 60_000 });
    await deaf.untilPhase('live');
    feed.start(20);
    await until('messages to get lost', () => deaf.page.evaluate(() => lostMessages() > 20));
    // What is lost is found missing when the next is heard, and behind the newest line there may be none.
    await deaf.page.evaluate(() => hearEverything());
    await expectWhole([leader, deaf], feed.stop());
    expect(await deaf.role()).toBe('follower');
  });

  test('a leader whose page crashes is replaced', async () => {
    await using pages = await openStreamPages();
    const tabs = await openTabs(pages);
    feed.start(20);
    const first = await leaderOf(tabs);
    await first.page.goto('chrome://crash').catch(() => undefined);
    const rest = tabs.filter((tab) => tab !== first);
    // Pages of one site may share a process, and with it the crash.
    const alive = await survivors(rest);
    expect(alive.length).toBeGreaterThan(0);
    await leaderOf(alive);
    await expectWhole(alive, feed.stop());
  });

  test('a leader that hangs loses the lead, and follows when it is back', async () => {
    await using pages = await openStreamPages();
    const tabs = await openTabs(pages, 3);
    feed.start(20);
    const hung = await leaderOf(tabs);
    const rest = tabs.filter((tab) => tab !== hung);
    // Alive to the browser, which leaves it the lock, and deaf to everything else.
    const hanging = hung.page.evaluate(() => {
      const until = performance.now() + 6_000;
      while (performance.now() < until);
    });
    await leaderOf(rest);
    await hanging;
    await until('the old leader to follow', async () => (await hung.role()) === 'follower');
    await until('one stream', async () => (await openStreams()) === 1);
    await expectWhole(tabs, feed.stop());
  });

  test('a leader that is frozen gives the lead away', async () => {
    await using pages = await openStreamPages();
    const tabs = await openTabs(pages, 3);
    feed.start(20);
    const frozen = await leaderOf(tabs);
    // Headless pages cannot be frozen: this is what the browser says before it does it, and after.
    await frozen.page.evaluate(() => document.dispatchEvent(new Event('freeze')));
    await leaderOf(tabs.filter((tab) => tab !== frozen));
    const missed = feed.stop();
    expect((await frozen.lines()).at(-1)).not.toBe(missed);
    await frozen.page.evaluate(() => document.dispatchEvent(new Event('resume')));
    await until('the old leader to follow', async () => (await frozen.role()) === 'follower');
    await expectWhole(tabs, feed.one());
  });
});

declare function lostMessages(): number;
declare function hearEverything(): void;

/** Runs in the page: two of five messages of a channel do not arrive, until everything is to be heard. */
function loseMessages(): void {
  let count = 0;
  let lost = 0;
  let isDeaf = true;
  const listen = BroadcastChannel.prototype.addEventListener;
  BroadcastChannel.prototype.addEventListener = function (
    this: BroadcastChannel,
    type: string,
    listener: unknown,
  ) {
    listen.call(this, type, (event: Event) => {
      if (isDeaf && count++ % 5 > 2) lost++;
      else (listener as (event: Event) => void)(event);
    });
  };
  Object.assign(globalThis, { lostMessages: () => lost, hearEverything: () => (isDeaf = false) });
}

async function survivors(tabs: readonly StreamPage[]): Promise<StreamPage[]> {
  const answers = await Promise.all(
    tabs.map((tab) =>
      Promise.race([
        tab.role().then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2_000)),
      ]),
    ),
  );
  return tabs.filter((_, index) => answers[index]);
}
