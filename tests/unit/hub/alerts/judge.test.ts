/** The judge: which readings are held against which rule, whose silence counts, and what ends without having cleared. */
import { expect, onTestFinished, test } from 'vitest';
import { Alerts, MAX_FIRING_OF_HOST } from '../../../../hub/alerts/alerts.ts';
import { defaultRules } from '../../../../hub/alerts/default-rules.ts';
import { GRACE_MS, Judge } from '../../../../hub/alerts/judge.ts';
import type { Alert, AlertMeasure, AlertRule } from '../../../../shared/schema/alerts.ts';
import type { Host, HostStatus } from '../../../../shared/schema/host.ts';
import { filesystemsOf, hostOf, sampleOf } from '../../../support/observations.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const MINUTE = 60_000;
/** Within the day that alerts are held for. */
const begin = Date.now() - 3_600_000;

interface Bench {
  judge: Judge;
  alerts: Alerts;
  /** Every telling, newest last. */
  told: Alert[];
  /** As the registry has them. */
  hosts: Map<string, Host>;
  /** What was reported. */
  troubles: string[];
  change(measure: AlertMeasure, change: Partial<AlertRule>): void;
}

async function benchOf(
  options: { hosts?: readonly string[]; dataDir?: string; intervalMs?: number } = {},
): Promise<Bench> {
  const opened = new AsyncDisposableStack();
  onTestFinished(() => opened.disposeAsync());
  const told: Alert[] = [];
  const troubles: string[] = [];
  let rules = defaultRules;
  const alerts = opened.use(
    new Alerts({
      dataDir: options.dataDir ?? opened.use(await makeTempFolder()).path,
      publish: (event) => event.name === 'alert' && told.push(event.data),
      report: ({ message }) => troubles.push(message),
    }),
  );
  const { intervalMs = 1_000 } = options;
  const ids = options.hosts ?? ['web-1'];
  const hosts = new Map(ids.map((id) => [id, hostOf(id, { intervalMs, lastSeen: begin })]));
  const judge = new Judge(
    {
      alerts,
      ruleOf: (measure) => rules.find((rule) => rule.measure === measure)!,
      hosts: () => hosts.values(),
      hostOf: (id) => hosts.get(id) ?? null,
    },
    begin,
  );
  const change = (measure: AlertMeasure, wanted: Partial<AlertRule>) => {
    rules = rules.map((rule) => (rule.measure === measure ? { ...rule, ...wanted } : rule));
    judge.ruleChanged(
      rules.find((rule) => rule.measure === measure)!,
      begin + 1,
    );
  };
  return { judge, alerts, told, troubles, hosts, change };
}

function measureMemory({ judge }: Bench, percent: number, from: number, to: number, everyMs = 10_000): void {
  const { memory } = sampleOf();
  for (let time = from; time <= to; time += everyMs) {
    const usedBytes = (memory.totalBytes * percent) / 100;
    judge.take({ name: 'sample', data: sampleOf('web-1', 0, { time, memory: { ...memory, usedBytes } }) });
  }
}

function measureDisk(
  { judge }: Bench,
  shares: Record<string, number>,
  time: number,
  isReadOnly = false,
): void {
  const [pattern] = filesystemsOf().mounts;
  const mounts = Object.entries(shares).map(([mount, percent]) => ({
    ...pattern!,
    mount,
    isReadOnly,
    usedBytes: percent,
    availableBytes: 100 - percent,
  }));
  judge.take({ name: 'filesystems', data: { host: 'web-1', time, mounts } });
}

function tellStatus({ hosts }: Bench, status: HostStatus, time: number, lastSeen = time): void {
  hosts.set('web-1', hostOf('web-1', { status, statusSince: time, lastSeen }));
}

/** As the hub's timer does, once a second. */
function look({ judge }: Bench, from: number, to: number): void {
  for (let time = from; time <= to; time += 1_000) judge.check(time);
}

test('memory over 95 % for five minutes fires, with its peak, and clears below 90 % for two', async () => {
  const bench = await benchOf();
  measureMemory(bench, 96, begin, begin + 4 * MINUTE);
  expect(bench.told).toEqual([]);
  measureMemory(bench, 99, begin + 4 * MINUTE + 10_000, begin + 5 * MINUTE);
  expect(bench.told).toEqual([
    expect.objectContaining({
      host: 'web-1',
      measure: 'memory',
      subject: null,
      level: 'warn',
      since: begin,
      firedAt: begin + 5 * MINUTE,
      above: 95,
      peak: 99,
      endedAt: null,
    }),
  ]);
  measureMemory(bench, 92, begin + 6 * MINUTE, begin + 20 * MINUTE);
  expect(bench.told).toHaveLength(1);
  measureMemory(bench, 80, begin + 21 * MINUTE, begin + 23 * MINUTE);
  expect(bench.told.at(-1)).toMatchObject({
    id: bench.told[0]!.id,
    endedAt: begin + 23 * MINUTE,
    ending: 'cleared',
    peak: 99,
  });
  expect(bench.alerts.firing).toEqual([]);
});

test('that it became worse is told, and not with every reading', async () => {
  const bench = await benchOf();
  measureMemory(bench, 96, begin, begin + 5 * MINUTE);
  measureMemory(bench, 96.3, begin + 5 * MINUTE + 10_000, begin + 8 * MINUTE);
  expect(bench.told).toHaveLength(1);
  for (let step = 1; step <= 12; step++) {
    const time = begin + 8 * MINUTE + step * 10_000;
    measureMemory(bench, 96.3 + step / 10, time, time);
  }
  expect(bench.told.map(({ peak }) => peak)).toEqual([96, 96.5, expect.closeTo(97.1)]);
});

test('each filesystem has an alert of its own; one mounted read-only has none', async () => {
  const bench = await benchOf();
  for (let time = begin; time <= begin + MINUTE; time += 10_000) {
    measureDisk(bench, { '/': 91, '/home': 50, '/data': 99 }, time);
  }
  expect(bench.told.map(({ subject, peak }) => [subject, peak])).toEqual([
    ['/', 91],
    ['/data', 99],
  ]);
  const images = await benchOf();
  for (let time = begin; time <= begin + MINUTE; time += 10_000)
    measureDisk(images, { '/snap': 100 }, time, true);
  expect(images.told).toEqual([]);
});

test('a filesystem that is not there any more does not fire on', async () => {
  const bench = await benchOf();
  for (let time = begin; time <= begin + MINUTE; time += 10_000) measureDisk(bench, { '/mnt': 95 }, time);
  // It hangs, and is left out of some readings.
  for (const time of [begin + 70_000, begin + 120_000]) measureDisk(bench, { '/': 10 }, time);
  measureDisk(bench, { '/mnt': 95 }, begin + 130_000);
  expect(bench.told).toHaveLength(1);
  for (let time = begin + 140_000; time <= begin + 200_000; time += 10_000)
    measureDisk(bench, { '/': 10 }, time);
  expect(bench.told.at(-1)).toMatchObject({
    subject: '/mnt',
    ending: 'dropped',
    endedAt: begin + 200_000,
  });
});

test('a rule that is not armed says nothing, and what it said ends when it is disarmed', async () => {
  const bench = await benchOf();
  bench.change('memory', { isArmed: false });
  measureMemory(bench, 99, begin, begin + 10 * MINUTE);
  expect(bench.told).toEqual([]);
  bench.change('memory', { isArmed: true });
  measureMemory(bench, 99, begin + 11 * MINUTE, begin + 17 * MINUTE);
  bench.change('memory', { isArmed: false });
  expect(bench.told.map(({ ending }) => ending)).toEqual([null, 'dropped']);
});

test('hosts that are measured less often than once a minute are judged as well', async () => {
  const bench = await benchOf({ intervalMs: 5 * MINUTE });
  measureMemory(bench, 99, begin, begin + 10 * MINUTE, 5 * MINUTE);
  expect(bench.told).toHaveLength(1);
});

test('a host is silent since its last sign of life, and back once it stays', async () => {
  const bench = await benchOf();
  const from = begin + GRACE_MS;
  look(bench, begin, from);
  tellStatus(bench, 'stale', from);
  tellStatus(bench, 'offline', from, from - 10_000);
  look(bench, from, from + 2 * MINUTE - 11_000);
  expect(bench.told).toEqual([]);
  look(bench, from + 2 * MINUTE - 10_000, from + 3 * MINUTE);
  expect(bench.told).toEqual([
    expect.objectContaining({
      measure: 'offline',
      level: 'crit',
      since: from - 10_000,
      firedAt: from + 2 * MINUTE - 10_000,
      above: null,
      peak: null,
    }),
  ]);
  tellStatus(bench, 'live', from + 4 * MINUTE);
  look(bench, from + 4 * MINUTE, from + 4 * MINUTE + 5_000);
  expect(bench.told).toHaveLength(1);
  look(bench, from + 4 * MINUTE + 6_000, from + 4 * MINUTE + 10_000);
  expect(bench.told.at(-1)).toMatchObject({ ending: 'cleared', endedAt: from + 4 * MINUTE + 10_000 });
});

test('a host that is known again after a restart of the hub, and says nothing, is not back', async () => {
  await using folder = await makeTempFolder();
  {
    const before = await benchOf({ dataDir: folder.path });
    tellStatus(before, 'offline', begin);
    look(before, begin + GRACE_MS, begin + 4 * MINUTE);
    expect(before.told).toHaveLength(1);
    await before.alerts[Symbol.asyncDispose]();
  }
  const bench = await benchOf({ dataDir: folder.path });
  tellStatus(bench, 'pairing', begin);
  look(bench, begin, begin + 5 * MINUTE);
  expect(bench.told).toEqual([]);
  tellStatus(bench, 'live', begin + 5 * MINUTE);
  look(bench, begin + 5 * MINUTE, begin + 6 * MINUTE);
  expect(bench.told.map(({ ending }) => ending)).toEqual(['cleared']);
});

test.for(['paused', 'asleep', 'incompatible'] as const)(
  'a host that is %s is not missing',
  async (status) => {
    const bench = await benchOf();
    look(bench, begin, begin + GRACE_MS);
    tellStatus(bench, 'offline', begin);
    look(bench, begin + GRACE_MS, begin + 4 * MINUTE);
    expect(bench.told).toHaveLength(1);
    tellStatus(bench, status, begin + 5 * MINUTE);
    look(bench, begin + 4 * MINUTE, begin + 9 * MINUTE);
    expect(bench.told.map(({ ending }) => ending)).toEqual([null, 'dropped']);
  },
);

test('what was paused is silent since it may speak again', async () => {
  const bench = await benchOf();
  look(bench, begin, begin + GRACE_MS);
  const [paused, resumed] = [begin + GRACE_MS, begin + 10 * MINUTE];
  tellStatus(bench, 'paused', paused);
  look(bench, paused, resumed);
  // Its agent hears of it some seconds later: it is live by the word of who let it go on, and then silent for a while.
  tellStatus(bench, 'live', resumed, paused);
  look(bench, resumed, resumed + 10_000);
  tellStatus(bench, 'offline', resumed + 11_000, paused);
  look(bench, resumed + 11_000, resumed + 20_000);
  tellStatus(bench, 'live', resumed + 21_000);
  look(bench, resumed + 21_000, resumed + MINUTE);
  expect(bench.told).toEqual([]);
  tellStatus(bench, 'offline', resumed + 2 * MINUTE, resumed + MINUTE);
  look(bench, resumed + 2 * MINUTE, resumed + 4 * MINUTE);
  expect(bench.told.map(({ since }) => since)).toEqual([resumed + MINUTE]);
});

test('a clock that is set back stops nothing: what fires ends, and what is silent fires', async () => {
  const bench = await benchOf();
  measureMemory(bench, 99, begin, begin + 5 * MINUTE);
  const earlier = begin - 24 * 60 * MINUTE;
  measureMemory(bench, 50, earlier, earlier + 3 * MINUTE);
  expect(bench.told.map(({ ending }) => ending)).toEqual([null, 'cleared']);
  look(bench, begin, begin + 5 * MINUTE);
  tellStatus(bench, 'offline', begin + 5 * MINUTE);
  look(bench, earlier, earlier + 4 * MINUTE);
  expect(bench.told.at(-1)).toMatchObject({
    measure: 'offline',
    endedAt: null,
    firedAt: earlier + 2 * MINUTE,
  });
});

test('a limit that is raised ends what is not over it any more', async () => {
  const bench = await benchOf();
  for (let time = begin; time <= begin + MINUTE; time += 10_000)
    measureDisk(bench, { '/': 93, '/data': 98 }, time);
  bench.change('disk', { above: 97 });
  expect(bench.told.slice(2).map(({ subject, ending }) => [subject, ending])).toEqual([['/', 'dropped']]);
});

test('what fired before a restart ends there where its rule is not armed any more', async () => {
  await using folder = await makeTempFolder();
  const before = await benchOf({ dataDir: folder.path });
  before.change('cpu', { isArmed: true, forMs: 0, above: 0, clearBelow: 0 });
  before.judge.take({ name: 'sample', data: sampleOf('web-1', 50, { time: begin }) });
  expect(before.told).toHaveLength(1);
  await before.alerts[Symbol.asyncDispose]();
  const { told } = await benchOf({ dataDir: folder.path });
  expect(told.map(({ measure, ending }) => [measure, ending])).toEqual([['cpu', 'dropped']]);
});

test('a host of many full filesystems leaves room to others, and it is said once', async () => {
  const bench = await benchOf({ hosts: ['web-1', 'db-1'] });
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`/mnt/${index}`, 95]));
  for (let time = begin; time <= begin + 2 * MINUTE; time += 10_000) measureDisk(bench, many, time);
  expect(bench.told).toHaveLength(MAX_FIRING_OF_HOST);
  expect(bench.troubles).toEqual([expect.stringContaining('64 alerts fire on web-1')]);
  // One of them is mended: another one has its turn, after its time.
  many['/mnt/0'] = 10;
  for (let time = begin + 3 * MINUTE; time <= begin + 6 * MINUTE; time += 10_000)
    measureDisk(bench, many, time);
  expect(bench.alerts.firing).toHaveLength(MAX_FIRING_OF_HOST);
  expect(bench.alerts.firing.map(({ subject }) => subject)).not.toContain('/mnt/0');
});

test('after the start, and after a sleep of the hub, agents have a minute to come back', async () => {
  const bench = await benchOf();
  tellStatus(bench, 'offline', begin, begin - 3_600_000);
  look(bench, begin, begin + GRACE_MS - 1_000);
  expect(bench.told).toEqual([]);
  tellStatus(bench, 'live', begin + GRACE_MS);
  look(bench, begin + GRACE_MS, begin + 2 * GRACE_MS);
  const woken = begin + 30 * MINUTE;
  tellStatus(bench, 'offline', woken, begin + 2 * GRACE_MS);
  look(bench, woken, woken + GRACE_MS - 1_000);
  expect(bench.told).toEqual([]);
  look(bench, woken + GRACE_MS, woken + GRACE_MS);
  expect(bench.told).toHaveLength(1);
});

test('of a host that is removed nothing fires, and neither of one that did not come back with the hub', async () => {
  await using folder = await makeTempFolder();
  const before = await benchOf({ dataDir: folder.path });
  measureMemory(before, 99, begin, begin + 5 * MINUTE);
  await before.alerts[Symbol.asyncDispose]();
  const gone = await benchOf({ dataDir: folder.path });
  gone.judge.take({ name: 'gone', data: { host: 'web-1' } });
  expect(gone.told.map(({ id, ending }) => [id, ending])).toEqual([[before.told[0]!.id, 'dropped']]);
  await gone.alerts[Symbol.asyncDispose]();

  const again = await benchOf({ dataDir: folder.path });
  measureMemory(again, 99, begin, begin + 5 * MINUTE);
  await again.alerts[Symbol.asyncDispose]();
  const unknown = await benchOf({ dataDir: folder.path, hosts: [] });
  look(unknown, begin, begin + 9 * MINUTE);
  expect(unknown.told).toEqual([]);
  look(unknown, begin + 9 * MINUTE, begin + 11 * MINUTE);
  expect(unknown.told.map(({ ending }) => ending)).toEqual(['dropped']);
});
