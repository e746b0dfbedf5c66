/** Segments cut at every byte and with every byte spoiled: what is whole is read, what is not is counted and set aside. */
import { expect, test } from 'vitest';
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SEGMENT_HEADER_BYTES, segmentFileName } from '../../../../link/segments/segment-file.ts';
import { RECORD_HEADER_BYTES } from '../../../../link/segments/record-format.ts';
import {
  appendRecords,
  damagedFilesOf,
  openLog,
  recordTexts,
  segmentFilesOf,
  textsOf,
} from '../../../support/open-log.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const texts = recordTexts(1, 6);
/** Where each record ends in the file. */
const ends = texts.reduce<number[]>(
  (all, text) => [...all, (all.at(-1) ?? SEGMENT_HEADER_BYTES) + RECORD_HEADER_BYTES + text.length],
  [],
);
const size = ends.at(-1)!;

/** A segment of six records, as a killed process leaves it or as a sealed one. */
async function makeSegment(dir: string): Promise<Buffer> {
  {
    await using log = await openLog(dir);
    await appendRecords(log, 1, 6);
  }
  const [file] = segmentFilesOf(dir);
  const bytes = readFileSync(file!);
  expect(bytes).toHaveLength(size);
  rmSync(file!);
  return bytes;
}

test('cut at any byte, every whole record is read, and the next one is appended behind', async () => {
  await using folder = await makeTempFolder();
  const bytes = await makeSegment(folder.path);
  for (let length = 0; length <= size; length++) {
    const dir = path.join(folder.path, String(length));
    mkdirSync(dir);
    writeFileSync(path.join(dir, segmentFileName(1, null)), bytes.subarray(0, length));
    await using log = await openLog(dir);
    const whole = texts.slice(0, ends.filter((end) => end <= length).length);
    await appendRecords(log, 7, 7);
    expect(await textsOf(log), `cut at ${length}`).toEqual([...whole, 'record 7']);
    expect([log.counts, damagedFilesOf(dir)], `cut at ${length}`).toEqual([{ dropped: 0, damaged: 0 }, []]);
  }
});

test('a tail of zeros, as a power cut leaves it, is cut like any', async () => {
  await using folder = await makeTempFolder();
  const bytes = await makeSegment(folder.path);
  writeFileSync(
    path.join(folder.path, segmentFileName(1, null)),
    Buffer.concat([bytes, Buffer.alloc(5_000)]),
  );
  await using log = await openLog(folder.path);
  await appendRecords(log, 7, 7);
  expect(await textsOf(log)).toEqual([...texts, 'record 7']);
  expect(log.counts.damaged).toBe(0);
});

test.for(['sealed', 'left unsealed'] as const)(
  'with any byte of a %s segment spoiled, all other records are read; the one is counted and set aside',
  async (how) => {
    await using folder = await makeTempFolder();
    const bytes = await makeSegment(folder.path);
    // The last record of an unsealed one, its length spoiled, looks like one that was never written to its end.
    const end = how === 'sealed' ? size : ends[4]!;
    for (let at = SEGMENT_HEADER_BYTES; at < end; at++) {
      const dir = path.join(folder.path, String(at));
      mkdirSync(dir);
      const spoiled = Buffer.from(bytes);
      // Another bit each time, so that every bit has its turn somewhere.
      spoiled[at]! ^= 1 << (at % 8);
      writeFileSync(path.join(dir, segmentFileName(1, how === 'sealed' ? 6 : null)), spoiled);
      const hit = ends.findIndex((behind) => at < behind);
      await using log = await openLog(dir);
      expect(await textsOf(log), `byte ${at}`).toEqual(texts.toSpliced(hit, 1));
      expect(log.counts.damaged, `byte ${at}`).toBe(1);
      expect(damagedFilesOf(dir), `byte ${at}`).toHaveLength(1);
    }
  },
);

test('a spoiled last record of an unsealed segment is counted where it was whole once', async () => {
  await using folder = await makeTempFolder();
  const bytes = await makeSegment(folder.path);
  bytes[size - 1]! ^= 1;
  writeFileSync(path.join(folder.path, segmentFileName(1, null)), bytes);
  await using log = await openLog(folder.path);
  expect(await textsOf(log)).toEqual(texts.slice(0, 5));
  expect([log.counts.damaged, damagedFilesOf(folder.path).length]).toEqual([1, 1]);
});

test('damage is counted once, however often it is read', async () => {
  await using folder = await makeTempFolder();
  const bytes = await makeSegment(folder.path);
  bytes[ends[1]! + RECORD_HEADER_BYTES]! ^= 0xff;
  writeFileSync(path.join(folder.path, segmentFileName(1, 6)), bytes);
  {
    await using log = await openLog(folder.path);
    for (let times = 0; times < 3; times++) expect(await textsOf(log)).toHaveLength(5);
    expect(log.counts.damaged).toBe(1);
  }
  await using log = await openLog(folder.path);
  expect(await textsOf(log)).toHaveLength(5);
  expect(log.counts.damaged).toBe(0);
  expect(damagedFilesOf(folder.path)).toHaveLength(1);
});

test('random garbage between and behind segments stops nobody, whatever it is', async () => {
  await using folder = await makeTempFolder();
  const bytes = await makeSegment(folder.path);
  // A small generator, so that a failure can be repeated.
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 0x7fffffff) % below;
  for (let round = 0; round < 60; round++) {
    const dir = path.join(folder.path, String(round));
    mkdirSync(dir);
    const from = SEGMENT_HEADER_BYTES + random(size - SEGMENT_HEADER_BYTES);
    const length = 1 + random(80);
    const spoiled = Buffer.from(bytes);
    for (let at = from; at < Math.min(size, from + length); at++) spoiled[at] = random(256);
    writeFileSync(path.join(dir, segmentFileName(1, 6)), spoiled);
    writeFileSync(
      path.join(dir, segmentFileName(7, 9)),
      Buffer.from(Array.from({ length: 300 }, () => random(256))),
    );
    await using log = await openLog(dir);
    await appendRecords(log, 10, 10);
    const untouched = texts.filter((_, at) => ends[at]! <= from || (ends[at - 1] ?? 0) >= from + length);
    expect(await textsOf(log), `round ${round}`).toEqual(expect.arrayContaining([...untouched, 'record 10']));
    expect((await textsOf(log)).length + log.counts.damaged, `round ${round}`).toBe(10);
  }
});

test('a sealed segment that was cut short, or vanished, is counted, and the rest is read', async () => {
  await using folder = await makeTempFolder();
  {
    await using log = await openLog(folder.path);
    await appendRecords(log, 1, 60, ' '.repeat(60));
  }
  const files = segmentFilesOf(folder.path);
  truncateSync(files[1]!, 300);
  {
    await using log = await openLog(folder.path);
    const read = await textsOf(log);
    expect(read.length).toBeLessThan(60);
    expect(read.length + log.counts.damaged).toBe(60);
    rmSync(files[2]!);
    const again = await textsOf(log);
    expect(again.length + log.counts.damaged).toBe(60);
  }
  copyFileSync(files[0]!, path.join(folder.path, 'notes.txt'));
  await using log = await openLog(folder.path);
  expect((await textsOf(log)).at(-1)).toContain('record 60');
});
