/** What a tail did not get over the stream it asks of the hub's archive: each line once and in order; the rest is told as skipped. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { archiveOf, type Archive } from '../../cli/tail/missed/archive.ts';
import { withMissed, type TailMessage } from '../../cli/tail/missed/with-missed.ts';
import { readStream } from '../../cli/tail/read-stream.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { makeToken } from '../support/callers.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { runCommand } from '../support/run-command.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A log of numbered lines, over any number of starts of its hub. */
class Numbered {
  #next = 0;

  feed(hub: TestHub, count: number, change: (number: number) => Partial<LogLine> = () => ({})): void {
    for (const end = this.#next + count; this.#next < end; this.#next++) {
      const text = `line ${this.#next}`;
      const line = logLineOf('web-1', 0, { time: Date.now(), text, ...change(this.#next) });
      hub.sink.observe({ name: 'log', data: line });
    }
  }
}

async function startHub(options: Parameters<typeof startTestHub>[0] = {}): Promise<TestHub> {
  const hub = await startTestHub({ flushWindowMs: 1, ...options });
  hub.sink.describe(observedHost('web-1'));
  return hub;
}

function numbersIn(text: string): number[] {
  return Array.from(text.matchAll(/\bline (\d+)/g), ([, number]) => Number(number));
}

function numbers(count: number, step = 1): number[] {
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
}

test('over a restart of the hub no line is missing and none is told twice, with a filter as well', async () => {
  await using folder = await makeTempFolder();
  const first = await startHub({ dataDir: folder.path });
  const { token } = await makeToken(first, ['read']);
  const env = { WATCHLINE_TOKEN: token };
  await using proxy = await startFaultProxy(first.origin);
  await using all = runCommand(['tail', proxy.origin], { env });
  const wish = ['-l', 'warn', '-f', 'line', '--host', 'web-1.example.net'];
  await using some = runCommand(['tail', '--json', ...wish, '--', proxy.origin], { env });
  const lines = new Numbered();
  const level = (number: number): Partial<LogLine> => ({ level: number % 5 === 0 ? 'error' : 'info' });
  lines.feed(first, 1, level);
  await Promise.all([all.untilPrinted(/line 0\b/), some.untilPrinted(/line 0\b/)]);
  // Lost while the first hub still runs, and back when the second has more than a snapshot tells.
  proxy.misbehaviour = 'restarting';
  proxy.cut();
  await until('the streams to end', async () => (await metric(first, 'watchline_hub_streams')) === 0);
  lines.feed(first, 499, level);
  await first[Symbol.asyncDispose]();
  await using second = await startHub({ dataDir: folder.path, port: first.port });
  lines.feed(second, 500, level);
  proxy.misbehaviour = 'none';
  await Promise.all([all.untilPrinted(/line 999\b/), some.untilPrinted(/line 995\b/)]);
  lines.feed(second, 6, level);
  await Promise.all([all.untilPrinted(/line 1005\b/), some.untilPrinted(/line 1005\b/)]);
  expect(numbersIn(all.stdout)).toEqual(numbers(1_006));
  expect(numbersIn(some.stdout)).toEqual(numbers(1_006, 5));
  expect(all.stdout + some.stdout).not.toMatch(/---|"gap"/);
});

test('what the hub keeps no more of is told as missing, in the place where it is', async () => {
  await using folder = await makeTempFolder();
  const without = { dataDir: folder.path, logArchiveBytes: 0 };
  const first = await startHub(without);
  await using tail = runCommand(['tail', '--data', folder.path]);
  const lines = new Numbered();
  lines.feed(first, 1);
  await tail.untilPrinted(/line 0\b/);
  await first[Symbol.asyncDispose]();
  await using second = await startHub({ ...without, port: first.port });
  lines.feed(second, 300);
  await tail.untilPrinted(/line 300\b/);
  expect(tail.stdout).toMatch(
    /line 0\n--- .*: lines may be missing, because they came while the stream was lost.*\n.* line 101\n/,
  );
});

test('so many lines and no more: the others are counted, and the log goes on behind them', async () => {
  await using folder = await makeTempFolder();
  const first = await startHub({ dataDir: folder.path });
  await using tail = runCommand(['tail', '--data', folder.path]);
  const lines = new Numbered();
  lines.feed(first, 1);
  await tail.untilPrinted(/line 0\b/);
  await first[Symbol.asyncDispose]();
  await using second = await startHub({ dataDir: folder.path, port: first.port });
  lines.feed(second, 10_123);
  await tail.untilPrinted(/skipped/);
  lines.feed(second, 1);
  await tail.untilPrinted(/line 10124\b/);
  expect(tail.stdout).toMatch(/line 10000\n--- .*: 123 logs skipped, because .*\n.* line 10124\n$/);
  expect(numbersIn(tail.stdout)).toEqual([...numbers(10_001), 10_124]);
});

interface Messages extends AsyncIterator<TailMessage> {
  readonly asked: number;
  stop(): void;
}

/** As the command reads; whoever reads says when. */
function messagesOf({ origin }: Pick<TestHub, 'origin'>, token: () => string): Messages {
  const url = new URL(`${origin}/api/v1/stream?channels=logs,state`);
  const place = { url, token, certificateFile: null };
  const real = archiveOf(place, { filter: null, hosts: null })!;
  let asked = 0;
  const archive: Archive = {
    ...real,
    ask(question) {
      asked++;
      return real.ask(question);
    },
  };
  const stopping = new AbortController();
  const { signal } = stopping;
  const messages = withMissed(readStream({ ...place, signal }), archive, signal);
  const iterator = messages[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    get asked() {
      return asked;
    },
    stop: () => stopping.abort(),
  };
}

/** Up to the line of this number: all numbers of lines, and how many were told as skipped. */
async function readUpTo(messages: Messages, last: number): Promise<{ told: number[]; skipped: number }> {
  const told: number[] = [];
  let skipped = 0;
  while (told.at(-1) !== last) {
    const result = await messages.next();
    if (result.done === true) throw new Error('the stream has ended');
    const message: TailMessage = result.value;
    if ('skipped' in message) skipped += message.skipped.count ?? NaN;
    else if (message.name === 'gap') skipped += (JSON.parse(message.data) as { count: number }).count;
    else if (message.name === 'log') told.push(...numbersIn((JSON.parse(message.data) as LogLine).text));
  }
  return { told, skipped };
}

test('what a slow reader was not told comes from the archive, in its place', async () => {
  await using hub = await startHub();
  const lines = new Numbered();
  const messages = messagesOf(hub, () => hub.ownerToken);
  lines.feed(hub, 1);
  await readUpTo(messages, 0);
  const filling = 'x'.repeat(30_000);
  let fed = 1;
  await until('lines to be left out', async () => {
    for (let each = 0; each < 20; each++, fed++) {
      lines.feed(hub, 1, (number) => ({ text: `line ${number} ${filling}` }));
      await nextTurn();
    }
    return (await metric(hub, 'watchline_hub_skipped_events_total'))! > 50;
  });
  const reading = readUpTo(messages, fed);
  await until(
    'the reader to be told of it',
    async () => (await metric(hub, 'watchline_hub_gaps_total'))! > 0,
  );
  lines.feed(hub, 1);
  expect(await reading).toEqual({ told: numbers(fed + 1).slice(1), skipped: 0 });
  expect(messages.asked).toBeGreaterThan(0);
  // What had waited for the reader, and was told by the archive, comes over the stream and is not told again.
  lines.feed(hub, 1);
  expect(await readUpTo(messages, fed + 1)).toEqual({ told: [fed + 1], skipped: 0 });
  messages.stop();
});

test('a reader that takes its time holds one page: the next is asked for when that one was taken', async () => {
  await using folder = await makeTempFolder();
  let hub = await startHub({ dataDir: folder.path });
  const lines = new Numbered();
  const messages = messagesOf(hub, () => hub.ownerToken);
  lines.feed(hub, 1);
  await readUpTo(messages, 0);
  await hub[Symbol.asyncDispose]();
  hub = await startHub({ dataDir: folder.path, port: hub.port });
  await using second = hub;
  lines.feed(second, 2_500);
  expect(await readUpTo(messages, 700)).toEqual({ told: numbers(701).slice(1), skipped: 0 });
  const turns = performance.now() + 100;
  await until('the page to be taken further', () => performance.now() > turns);
  expect(messages.asked).toBe(1);
  const { told, skipped } = await readUpTo(messages, 2_500);
  expect([told[0], told.length, skipped, messages.asked]).toEqual([701, 1_800, 0, 3]);
  messages.stop();
});
