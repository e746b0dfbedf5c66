/** The queue on disk: order, heads, numbers, bounds, and who may open it. */
import { expect, test } from 'vitest';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeSegmentHeader } from '../../../../link/segments/segment-file.ts';
import type { DropReason } from '../../../../link/segments/segment-log.ts';
import { appendRecords, openLog, recordTexts, segmentFilesOf, textsOf } from '../../../support/open-log.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const filling = ' '.repeat(90);

test('what was appended is read oldest first, also by the next process, which counts on', async () => {
  await using folder = await makeTempFolder();
  {
    await using log = await openLog(folder.path);
    await appendRecords(log, 1, 40, filling);
    expect(log.segments.length).toBeGreaterThan(3);
    expect(await textsOf(log)).toEqual(recordTexts(1, 40, filling));
  }
  await using log = await openLog(folder.path);
  expect(log.append(Buffer.from(`record 41${filling}`))).toBe(41);
  await log.flush();
  expect(await textsOf(log)).toEqual(recordTexts(1, 41, filling));
  expect(log.counts).toEqual({ dropped: 0, damaged: 0 });
});

test('any bytes are a payload: none, the marker itself, and more than a block', async () => {
  await using folder = await makeTempFolder();
  const payloads = [
    Buffer.alloc(0),
    Buffer.from([0x9e, 0x57, 1, 0]),
    Buffer.alloc(700_000, 0x9e),
    Buffer.from('end'),
  ];
  {
    await using log = await openLog(folder.path, { segmentBytes: 2_000_000 });
    for (const payload of payloads) log.append(payload);
  }
  await using log = await openLog(folder.path);
  const read: Buffer[] = [];
  for await (const { payload } of log.records()) read.push(Buffer.from(payload));
  expect(read.map((payload) => payload.toString('hex'))).toEqual(
    payloads.map((payload) => payload.toString('hex')),
  );
});

test('records are on disk within the flush window without being asked for', async () => {
  await using folder = await makeTempFolder();
  await using log = await openLog(folder.path, { flushMs: 10 });
  log.append(Buffer.from('by itself'));
  await expect
    .poll(() =>
      segmentFilesOf(folder.path)
        .map((file) => readFileSync(file, 'latin1'))
        .join(),
    )
    .toContain('by itself');
});

test('every segment begins with what the head says at that moment', async () => {
  await using folder = await makeTempFolder();
  let state = 0;
  await using log = await openLog(folder.path, { head: () => Buffer.from(`state ${state}`) });
  await appendRecords(log, 1, 30, filling);
  const before = log.segments.length;
  state = 7;
  await log.seal();
  await appendRecords(log, 31, 31);
  const heads = await Promise.all(
    log.segments.map(async (segment) => (await log.contents(segment))[0]!.payload),
  );
  expect(heads.map(String)).toEqual([...Array<string>(before).fill('state 0'), 'state 7']);
  expect(await textsOf(log)).toHaveLength(31);
});

test('a freed segment is gone, the one that is appended to stays', async () => {
  await using folder = await makeTempFolder();
  await using log = await openLog(folder.path);
  await appendRecords(log, 1, 20, filling);
  const [oldest, ...others] = log.segments;
  const active = others.at(-1)!;
  await log.free(oldest!);
  await log.free(active);
  expect(log.segments).toEqual(others);
  expect(segmentFilesOf(folder.path)).toHaveLength(others.length);
  expect(await textsOf(log)).toEqual(recordTexts(oldest!.last + 1, 20, filling));
});

test('past its size the oldest goes, after it could be read once more', async () => {
  await using folder = await makeTempFolder();
  const dropped: string[] = [];
  const reasons = new Set<DropReason>();
  await using log = await openLog(folder.path, {
    maxBytes: 5_000,
    dropping: async (segment, why) => {
      reasons.add(why);
      for await (const record of log.records())
        if (record.segment === segment) dropped.push(record.payload.toString());
    },
  });
  await appendRecords(log, 1, 100, filling);
  const kept = await textsOf(log);
  expect([...dropped, ...kept]).toEqual(recordTexts(1, 100, filling));
  expect(log.counts.dropped).toBe(dropped.length);
  expect(log.segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(5_000);
  expect(kept.length).toBeGreaterThan(20);
  expect([...reasons]).toEqual(['size']);
});

test('past its age a segment goes; a wall clock that was set is no age', async () => {
  await using folder = await makeTempFolder();
  {
    await using log = await openLog(folder.path, { maxAgeMs: 60_000 });
    await appendRecords(log, 1, 20, filling);
  }
  for (const file of segmentFilesOf(folder.path)) {
    const header = encodeSegmentHeader({ since: 0, openMs: 5 });
    writeFileSync(file, Buffer.concat([header, readFileSync(file).subarray(header.length)]));
    utimesSync(file, 0, 0);
  }
  {
    await using log = await openLog(folder.path, { maxAgeMs: 60_000 });
    await appendRecords(log, 21, 40, filling);
    expect(log.segments[0]!.since).toBe(0);
    expect(await textsOf(log)).toHaveLength(40);
  }
  await using aged = await openLog(folder.path, { maxAgeMs: 0.001 });
  await appendRecords(aged, 41, 41);
  expect(await textsOf(aged)).toEqual(['record 41']);
  expect(aged.counts.dropped).toBe(40);
});

test('reading goes on from a position, also when its segment is gone meanwhile', async () => {
  await using folder = await makeTempFolder();
  await using log = await openLog(folder.path);
  await appendRecords(log, 1, 30, filling);
  const { records, next } = await log.read(null, 300);
  expect(records.at(-1)!.number).toBeLessThan(5);
  const [oldest] = log.segments;
  await log.free(oldest!);
  const block = await log.read(next, 1_000_000);
  expect(block.records[0]!.number).toBe(oldest!.last + 1);
});

test('a second log in the same folder is refused while the first lives, and not after a crash', async () => {
  await using folder = await makeTempFolder();
  {
    await using _log = await openLog(folder.path);
    await expect(openLog(folder.path)).rejects.toMatchObject({ code: 'segments-in-use' });
  }
  // The number of a process that lives, but began at another time.
  writeFileSync(path.join(folder.path, 'in-use-by'), `${process.ppid} 1@another-boot`);
  await using log = await openLog(folder.path);
  expect(log.segments).toEqual([]);
});

test('a folder that cannot be used is named with what to do', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'no-folder');
  writeFileSync(file, '');
  await expect(openLog(file)).rejects.toMatchObject({
    code: 'segments-unusable',
    remedy: expect.stringContaining('folder'),
  });
});

test('a folder that is removed under the log is made again', async () => {
  await using folder = await makeTempFolder();
  const dir = path.join(folder.path, 'spool');
  await using log = await openLog(dir);
  await appendRecords(log, 1, 3);
  rmSync(dir, { recursive: true });
  await log.seal();
  await appendRecords(log, 4, 5);
  expect(await textsOf(log)).toEqual(['record 4', 'record 5']);
});

test('a second copy of a segment is set aside, not read twice', async () => {
  await using folder = await makeTempFolder();
  {
    await using log = await openLog(folder.path);
    await appendRecords(log, 1, 3);
  }
  const [file] = segmentFilesOf(folder.path);
  writeFileSync(file!.replace('0000000000000003.segment', '0000000000000009.segment'), readFileSync(file!));
  await using log = await openLog(folder.path);
  expect(await textsOf(log)).toEqual(recordTexts(1, 3));
});
