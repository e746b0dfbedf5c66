/** What comes of lines on their way to the disk: moved once, whatever ends the program; removed when there are too many; lost only with a file. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { applyBounds, bytesIn, tapesIn, volumesIn } from '../../../../hub/archive/archive-folder.ts';
import { TapeWriter } from '../../../../hub/archive/tape/tape-writer.ts';
import { sseBlock } from '../../../../hub/stream/frame.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { keeperOf, searchIn, testEpoch, writeTape } from '../../../support/archive-of.ts';
import { logLineOf } from '../../../support/observations.ts';
import { canMount, mountSmallDisk } from '../../../support/small-disk.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

function linesOf(count: number, first = 0): LogLine[] {
  return Array.from({ length: count }, (_, at) => logLineOf('web-1', first + at));
}

function volumeIn(folder: string): string {
  return volumesIn(folder).at(-1)!.path;
}

test('a tape that a killed program had moved and not removed is not moved again', async () => {
  await using folder = await makeTempFolder();
  const name = writeTape(folder.path, linesOf(10));
  const copy = readFileSync(path.join(folder.path, name));
  keeperOf(folder.path).move(null);
  writeFileSync(path.join(folder.path, name), copy);
  expect(searchIn(folder.path).lines).toEqual(linesOf(10));
  using keeper = keeperOf(folder.path);
  keeper.move(null);
  expect(tapesIn(folder.path)).toEqual([]);
  expect(searchIn(folder.path).lines).toEqual(linesOf(10));
});

test('the torn end of a tape, and what is no event, cost no other line', async () => {
  await using folder = await makeTempFolder();
  const name = writeTape(folder.path, linesOf(5));
  const file = path.join(folder.path, name);
  const whole = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    `${whole}id: x\nrubbish\n\n${whole.replaceAll(`${testEpoch}-`, `${testEpoch}-1`).slice(0, -20)}`,
  );
  using keeper = keeperOf(folder.path);
  keeper.move(null);
  expect(searchIn(folder.path).lines.map(({ text }) => text)).toEqual(
    [0, 1, 2, 3, 4, 0, 1, 2, 3].map((index) => `line ${index}`),
  );
});

test('whatever a line holds, it is kept', async () => {
  await using folder = await makeTempFolder();
  const texts = ['a\u2028b', 'a\u2029', 'id: x\n\nevent: log', '\r\n', '\u0000', '\ud800', '', '{"a":1}'];
  const lines = texts.map((text, index) => logLineOf('web-1', index, { text, source: text }));
  writeTape(folder.path, lines);
  expect(searchIn(folder.path).lines).toEqual(lines);
  using keeper = keeperOf(folder.path);
  keeper.move(null);
  expect(searchIn(folder.path).lines).toEqual(lines);
});

/** How far it may have come when it is killed. */
const moments: ((folder: string) => boolean)[] = [
  () => true,
  (folder) => volumesIn(folder).length > 0,
  (folder) => readdirSync(folder).some((name) => name.endsWith('-wal')),
  (folder) => tapesIn(folder).length < TAPES,
  (folder) => tapesIn(folder).length === 0,
];
const TAPES = 4;

test('killed at any moment, it has each line once', async () => {
  await using folder = await makeTempFolder();
  let written = 0;
  for (const isMoment of moments) {
    for (let tape = 0; tape < TAPES; tape++, written += 400)
      writeTape(folder.path, linesOf(400, written), written + 1);
    const child = fork(path.join(import.meta.dirname, '../../../support/archive-child.ts'), [folder.path]);
    await once(child, 'message');
    try {
      await until('it is at work', () => isMoment(folder.path));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    if (volumesIn(folder.path).length > 0) expect(integrityOf(volumeIn(folder.path))).toBe('ok');
    expect(searchIn(folder.path, { limit: 0 }).end.matched).toBe(written);
  }
  using keeper = keeperOf(folder.path);
  keeper.move(null);
  const texts = new Set<string>();
  for (let at = 0; at < written; at += 4_000) {
    const times = { from: linesOf(1, at)[0]!.time, to: linesOf(1, at + 4_000)[0]!.time };
    for (const { text } of searchIn(folder.path, times).lines) texts.add(text);
  }
  expect(texts.size).toBe(written);
  expect(searchIn(folder.path, { limit: 0 }).end.matched).toBe(written);
});

function integrityOf(file: string): unknown {
  const database = new DatabaseSync(file);
  try {
    return database.prepare('PRAGMA integrity_check').get()!['integrity_check'];
  } finally {
    database.close();
  }
}

test.each([
  ['overwritten in the middle', (file: string) => overwrite(file, 0.5)],
  ['without its head', (file: string) => overwrite(file, 0)],
  ['cut short', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 3 / 8192) * 8192)],
])('a volume that is %s is told of, and another begun', async (_, damage) => {
  await using folder = await makeTempFolder();
  for (let tape = 0; tape < 3; tape++) writeTape(folder.path, linesOf(3_000, 3_000 * tape), 3_000 * tape + 1);
  keeperOf(folder.path)[Symbol.dispose]();
  {
    using keeper = keeperOf(folder.path);
    keeper.move(null);
  }
  const damaged = volumeIn(folder.path);
  damage(damaged);
  expect(searchIn(folder.path, { filter: 'line' }).damaged).toContain(damaged);
  writeTape(folder.path, linesOf(20), 100_000);
  const told: string[] = [];
  using keeper = keeperOf(folder.path, { onDamaged: (file) => told.push(file) });
  keeper.move(null);
  if (told.length === 0) return;
  expect(told).toEqual([`${damaged}.damaged`]);
  expect(existsSync(`${damaged}.damaged`)).toBe(true);
  expect(searchIn(folder.path)).toMatchObject({ lines: linesOf(20), damaged: [] });
});

/** Tapes that are complete. */
function closedBut(folder: string, current: string | null): string[] {
  return tapesIn(folder).flatMap(({ name }) => (name === current ? [] : name));
}

/** A page of rubbish at this share of the file. */
function overwrite(file: string, share: number): void {
  const bytes = readFileSync(file);
  const from = Math.floor((share * bytes.length) / 8192) * 8192;
  bytes.fill(0x5a, from, from + Math.max(8192, Math.floor(bytes.length / 3)));
  writeFileSync(file, bytes);
}

test('bounds: the oldest volumes go as a whole, and all that is too old', async () => {
  await using folder = await makeTempFolder();
  using keeper = keeperOf(folder.path, { maxBytes: 800_000, volumeBytes: 200_000 });
  for (let tape = 0; tape < 30; tape++) {
    const lines = linesOf(250, 250 * tape).map((line) => ({
      ...line,
      text: `${line.text} ${randomBytes(80).toString('base64')}`,
    }));
    writeTape(folder.path, lines, 250 * tape + 1);
    keeper.move(null);
    expect(bytesIn(folder.path)).toBeLessThan(1_300_000);
  }
  const [oldest] = searchIn(folder.path, { limit: 1 }).lines;
  expect(oldest!.time).toBeGreaterThan(linesOf(1)[0]!.time);
  expect(searchIn(folder.path, { limit: 1, order: 'newest' }).lines[0]!.text).toMatch(/^line 7499 /);
  for (const volume of volumesIn(folder.path)) utimesSync(volume.path, 0, 0);
  applyBounds(folder.path, { maxBytes: 800_000, maxAgeMs: 1_000 });
  expect(searchIn(folder.path, { limit: 0 }).end.matched).toBeLessThan(1_000);
});

test.skipIf(!(await canMount()))(
  'a full disk costs lines, and nothing else; with room again they are kept again',
  async () => {
    await using disk = await mountSmallDisk(3 * 1024 * 1024);
    await using writer = new TapeWriter({
      folder: disk!.path,
      tapeBytes: 1024 * 1024,
      onClosed: () => undefined,
    });
    const take = async (first: number) => {
      for (const [at, line] of linesOf(500, first).entries())
        writer.take(Buffer.from(sseBlock('log', `${testEpoch}-${first + at + 1}`, line)));
      await writer.flush();
    };
    await take(0);
    expect(writer.trouble).toBeNull();
    const empty = disk!.fill();
    await take(500);
    expect(writer.trouble).toMatchObject({ code: 'ENOSPC' });
    expect(writer.lost).toBe(500);
    // What is to be moved cannot be, and stays.
    using keeper = keeperOf(disk!.path);
    expect(() => keeper.move(closedBut(disk!.path, writer.current))).toThrow(/full|I\/O|disk/);
    await empty();
    await take(1_000);
    expect(writer.trouble).toBeNull();
    keeper.move(closedBut(disk!.path, writer.current));
    const kept = searchIn(disk!.path).lines.map(({ text }) => text);
    expect(kept.slice(0, 500)).toEqual(linesOf(500).map(({ text }) => text));
    expect(kept.slice(-500)).toEqual(linesOf(500, 1_000).map(({ text }) => text));
  },
);
