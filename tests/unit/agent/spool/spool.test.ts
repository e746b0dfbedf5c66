/** What the spool gives to whom, what it forgets when, and what it says of what it lost. */
import { expect, test } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSpool, type Spool, type SpoolBatch, type SpoolOptions } from '../../../../agent/spool/spool.ts';
import { MAX_RECORD_BYTES, uplinkRecord } from '../../../../shared/schema/uplink.ts';
import { gap, type Gap } from '../../../../shared/schema/stream.ts';
import { damagedFilesOf, segmentFilesOf } from '../../../support/open-log.ts';
import { canMount, mountSmallDisk } from '../../../support/small-disk.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

const ALL = { records: 100_000, bytes: 100_000_000 };

function open(dir: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
  return openSpool({ dir, run: 'run1', host: 'web-1', ...options });
}

function append(spool: Spool, from: number, to: number, filling = ''): void {
  for (let number = from; number <= to; number++) spool.append('log', { number, filling });
}

function recordsOf(batch: SpoolBatch | null) {
  return (batch?.lines ?? []).map((line) => uplinkRecord.parse(JSON.parse(line.toString())));
}

function numbersOf(batch: SpoolBatch | null): number[] {
  return recordsOf(batch)
    .filter(({ name }) => name === 'log')
    .map(({ data }) => (data as { number: number }).number);
}

function gapsOf(batch: SpoolBatch | null): Gap[] {
  return recordsOf(batch)
    .filter(({ name }) => name === 'gap')
    .map(({ data }) => gap.parse(data));
}

/** Everything kept, acknowledged batch by batch. */
async function drain(spool: Spool, limits = ALL): Promise<number[]> {
  const numbers: number[] = [];
  for (let batch = await spool.takeKept(limits); batch; batch = await spool.takeKept(limits)) {
    numbers.push(...numbersOf(batch));
    spool.acknowledge(batch);
  }
  return numbers;
}

/** As an uplink does: only what is on disk. */
async function fresh(spool: Spool, limits = ALL): Promise<SpoolBatch | null> {
  await spool.flush();
  return spool.takeFresh(limits);
}

/** What is fresh with all gaps: taking tells them, writing them down may cost one more segment, which is told in turn. */
async function freshWithGaps(spool: Spool): Promise<SpoolBatch[]> {
  const batches: SpoolBatch[] = [];
  for (let round = 0; round < 4; round++) {
    const batch = await fresh(spool);
    if (batch) batches.push(batch);
  }
  return batches;
}

/** All that is fresh falls to the kept ones. */
async function letGo(spool: Spool): Promise<void> {
  const batch = await fresh(spool);
  if (batch) spool.giveBack(batch);
}

const upTo = (count: number, from = 1) => Array.from({ length: count - from + 1 }, (_, at) => from + at);

test('a record is one line of the wire: run, sequence from 1, time since the run began', async () => {
  await using folder = await makeTempFolder();
  let mono = 10.04;
  await using spool = await open(folder.path, { mono: () => mono });
  append(spool, 1, 1);
  mono = 20;
  append(spool, 2, 2);
  expect(recordsOf(await fresh(spool, ALL))).toEqual([
    { run: 'run1', seq: 1, mono: 10, name: 'log', data: { number: 1, filling: '' } },
    { run: 'run1', seq: 2, mono: 20, name: 'log', data: { number: 2, filling: '' } },
  ]);
});

test('there is no room while much waits for the disk, and again when it is written', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 1_000, 'x'.repeat(100));
  expect(spool.room()).toBeNull();
  append(spool, 1_001, 12_000, 'x'.repeat(100));
  const wait = spool.room();
  expect(wait).not.toBeNull();
  await wait;
  expect(spool.room()).toBeNull();
  expect(spool.counts.dropped).toBe(0);
});

test('what is not on disk yet is not given away: a killed agent would observe it twice', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 2);
  expect(spool.takeFresh(ALL)).toBeNull();
  await spool.flush();
  append(spool, 3, 3);
  expect(numbersOf(spool.takeFresh(ALL))).toEqual([1, 2]);
});

test('fresh records are given once, within the limits, at least one at a time', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 10);
  expect(numbersOf(await fresh(spool, { records: 4, bytes: 1_000_000 }))).toEqual([1, 2, 3, 4]);
  expect(numbersOf(await fresh(spool, { records: 100, bytes: 1 }))).toEqual([5]);
  expect(numbersOf(await fresh(spool, ALL))).toEqual([6, 7, 8, 9, 10]);
  expect(spool.takeFresh(ALL)).toBeNull();
  expect(await spool.takeKept(ALL)).toBeNull();
});

test('what was given back is given again, in its place; what was acknowledged never', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 30);
  await spool.flush();
  const [first, second, third] = [10, 10, 10].map((records) => spool.takeFresh({ ...ALL, records })!);
  spool.acknowledge(second!);
  spool.giveBack(third!);
  const kept = await spool.takeKept({ ...ALL, records: 4 });
  expect(numbersOf(kept)).toEqual([21, 22, 23, 24]);
  spool.giveBack(first!);
  // The first batch under way then is not given twice.
  expect(await drain(spool)).toEqual([...upTo(10), ...upTo(30, 25)]);
  spool.acknowledge(kept!);
  expect(spool.waiting()).toEqual({ records: 0, since: null });
  spool.giveBack(kept!);
  expect(await spool.takeKept(ALL)).toBeNull();
});

test('live records do not wait behind the kept ones, nor are they among them', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 2_000, 'x'.repeat(300));
  await letGo(spool);
  const kept = await spool.takeKept({ records: 100, bytes: 1_000_000 });
  append(spool, 2_001, 2_003);
  expect(numbersOf(await fresh(spool, ALL))).toEqual([2_001, 2_002, 2_003]);
  append(spool, 2_004, 2_005);
  expect(numbersOf(kept)).toEqual(upTo(100));
  expect(await drain(spool, { records: 300, bytes: 1_000_000 })).toEqual(upTo(2_000, 101));
  expect(numbersOf(await fresh(spool, ALL))).toEqual([2_004, 2_005]);
});

test('what does not fit into memory is read from disk, in order', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 12_000);
  const kept = await drain(spool);
  const newest = numbersOf(await fresh(spool));
  expect([...kept, ...newest]).toEqual(upTo(12_000));
  expect(newest.length).toBeLessThanOrEqual(5_000);
});

test('the next run sends what the last one left, and segments that were acknowledged are gone', async () => {
  await using folder = await makeTempFolder();
  {
    await using spool = await open(folder.path);
    append(spool, 1, 9_000, 'x'.repeat(300));
    await letGo(spool);
    const first = await spool.takeKept({ records: 6_000, bytes: ALL.bytes });
    spool.acknowledge(first!);
    await until('a segment freed', () => segmentFilesOf(folder.path).length < 4);
  }
  await using spool = await open(folder.path, { run: 'run2' });
  append(spool, 9_001, 9_001);
  expect(spool.waiting().records).toBeLessThan(9_000);
  const batch = await spool.takeKept(ALL);
  expect(recordsOf(batch)[0]!.run).toBe('run1');
  const kept = numbersOf(batch);
  // The segment that was acknowledged in part comes as a whole.
  expect(kept).toEqual(upTo(9_000, kept[0]));
  expect(kept[0]).toBeLessThan(6_001);
  spool.acknowledge(batch!);
  const newest = await fresh(spool);
  expect(recordsOf(newest)).toMatchObject([{ run: 'run2', seq: 1 }]);
  spool.acknowledge(newest!);
  await until('all segments freed', () => segmentFilesOf(folder.path).length <= 1);
});

test('a spool whose records are acknowledged as they come stays small on disk', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  for (let round = 0; round < 40; round++) {
    append(spool, round * 100, round * 100 + 99, 'x'.repeat(300));
    await spool.flush();
    spool.acknowledge((await fresh(spool))!);
  }
  const size = () => segmentFilesOf(folder.path).reduce((sum, file) => sum + readFileSync(file).length, 0);
  await until('segments freed', () => size() < 600_000);
  expect(spool.waiting()).toEqual({ records: 0, since: null });
});

test('waiting counts what is held besides a batch, and since when', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  const before = Date.now();
  append(spool, 1, 10);
  const batch = (await fresh(spool, { ...ALL, records: 4 }))!;
  expect(spool.waiting()).toMatchObject({ records: 10 });
  expect(spool.waiting(batch)).toMatchObject({ records: 6 });
  expect(spool.waiting().since).toBeGreaterThanOrEqual(before);
  await spool.flush();
  expect(spool.waiting().since).toBeLessThanOrEqual(Date.now());
});

test('past its size the oldest go: counted, told as gaps of their channels, merged, and reported once', async () => {
  await using folder = await makeTempFolder();
  const reports: (string | null)[] = [];
  await using spool = await open(folder.path, {
    maxBytes: 800_000,
    report: (trouble) => reports.push(trouble?.code ?? null),
  });
  for (let round = 0; round < 30; round++) {
    append(spool, round * 100 + 1, round * 100 + 100, 'x'.repeat(500));
    spool.append('sample', { round });
    await spool.flush();
  }
  await letGo(spool);
  await spool.flush();
  const kept = await spool.takeKept(ALL);
  const later = await freshWithGaps(spool);
  const gaps = [kept, ...later].flatMap(gapsOf);
  expect(gaps.length).toBeLessThanOrEqual(6);
  expect(new Set(gaps.map(({ channel, reason, host }) => `${host} ${channel} ${reason}`))).toEqual(
    new Set(['web-1 logs spool-overflow', 'web-1 metrics spool-overflow']),
  );
  const { dropped } = spool.counts;
  expect(dropped).toBeGreaterThan(1_000);
  expect(gaps.reduce((sum, { count }) => sum + count!, 0)).toBe(dropped);
  expect(gaps.every(({ from, to }) => from <= to)).toBe(true);
  expect(recordsOf(kept).length - gapsOf(kept).length + dropped).toBe(30 * 101);
  expect(numbersOf(kept).at(-1)).toBe(3_000);
  expect(reports).toEqual(['spool-overflow']);
  spool.acknowledge(kept!);
  for (const batch of later) spool.acknowledge(batch);
  expect(reports).toEqual(['spool-overflow', null]);
});

test('losses that were not told outlive a restart, and a gap that is lost itself is told again', async () => {
  await using folder = await makeTempFolder();
  const options = { maxBytes: 400_000 };
  let dropped = 0;
  for (const run of ['run1', 'run2', 'run3']) {
    await using spool = await open(folder.path, { ...options, run });
    for (let round = 0; round < 20; round++) {
      append(spool, 1, 50, 'x'.repeat(500));
      await spool.flush();
      if (round % 7 === 6) await letGo(spool);
    }
    dropped += spool.counts.dropped;
  }
  await using spool = await open(folder.path, { ...options, run: 'run4' });
  const later = await freshWithGaps(spool);
  const kept = await spool.takeKept(ALL);
  const gaps = [kept, ...later].flatMap(gapsOf);
  const logs = numbersOf(kept).length;
  expect(logs + gaps.reduce((sum, { count }) => sum + count!, 0)).toBe(3_000);
  expect(dropped).toBeGreaterThan(2_000);
});

test('a damaged record is set aside and told as a gap; the rest is sent, and nothing waits for it', async () => {
  await using folder = await makeTempFolder();
  {
    await using spool = await open(folder.path);
    append(spool, 1, 20);
  }
  const [file] = segmentFilesOf(folder.path);
  const bytes = readFileSync(file!);
  bytes[bytes.indexOf('"number":7')]! ^= 1;
  writeFileSync(file!, bytes);
  await using spool = await open(folder.path, { run: 'run2' });
  expect(await drain(spool)).toEqual(upTo(20).toSpliced(6, 1));
  expect(spool.counts).toEqual({ dropped: 0, damaged: 1 });
  expect(damagedFilesOf(folder.path)).toHaveLength(1);
  const told = await freshWithGaps(spool);
  expect(told.flatMap(gapsOf).map(({ channel, reason }) => [channel, reason])).toEqual([
    ['metrics', 'spool-damaged'],
    ['logs', 'spool-damaged'],
  ]);
  for (const batch of told) spool.acknowledge(batch);
  expect(spool.waiting().records).toBe(0);
});

test('garbage in the folder stops nobody', async () => {
  await using folder = await makeTempFolder();
  for (const name of [
    '0000000000000001.segment',
    '0000000000000004-0000000000000009.segment',
    'x.segment',
    'y',
  ]) {
    writeFileSync(path.join(folder.path, name), Buffer.from('garbage '.repeat(50)));
  }
  await using spool = await open(folder.path);
  append(spool, 1, 3);
  await letGo(spool);
  expect(await drain(spool)).toEqual([1, 2, 3]);
  expect(spool.counts.damaged).toBeGreaterThanOrEqual(6);
});

test('a record past the limit of the wire is counted and told, not sent', async () => {
  await using folder = await makeTempFolder();
  await using spool = await open(folder.path);
  append(spool, 1, 1, 'x'.repeat(MAX_RECORD_BYTES));
  append(spool, 2, 2);
  const batches = await freshWithGaps(spool);
  expect(batches.flatMap(numbersOf)).toEqual([2]);
  expect(batches.flatMap(gapsOf)).toMatchObject([{ channel: 'logs', count: 1 }]);
});

test.skipIf(!(await canMount()))(
  'on a full disk it goes on from memory, and what waits there is sent too',
  async () => {
    await using disk = (await mountSmallDisk(256 * 1024))!;
    const reports: (string | null)[] = [];
    await using spool = await open(path.join(disk.path, 'spool'), {
      report: (trouble) => reports.push(trouble?.code ?? null),
    });
    append(spool, 1, 5);
    await spool.flush();
    const free = disk.fill();
    append(spool, 6, 300, 'x'.repeat(500));
    await spool.flush();
    expect(reports).toEqual(['disk-full']);
    await letGo(spool);
    expect(await drain(spool, { records: 500, bytes: 1_000_000 })).toEqual(upTo(300));
    expect(spool.counts.dropped).toBe(0);
    await free();
    await spool.flush();
    expect(reports).toEqual(['disk-full', null]);
  },
);
