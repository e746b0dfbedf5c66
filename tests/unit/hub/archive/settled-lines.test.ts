/** Lines of the hub's own machine that are read again after a kill are taken off the tapes, and stay on them until that cannot be. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tapesIn } from '../../../../hub/archive/archive-folder.ts';
import { rewindTapes } from '../../../../hub/archive/tape/rewind-tapes.ts';
import { SettledLines } from '../../../../hub/archive/settled-lines.ts';
import { searchIn, testEpoch, writeTape } from '../../../support/archive-of.ts';
import { logLineOf } from '../../../support/observations.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

test('behind a place the lines of one host go, and no other', async () => {
  await using folder = await makeTempFolder();
  const own = (n: number, source = 'app.log') => logLineOf('web-1', n, { source });
  writeTape(folder.path, [own(1), logLineOf('db-1', 2), own(3), logLineOf('db-1', 4), own(5, 'stdin')]);
  writeTape(folder.path, [own(6), own(7)], 6);
  writeTape(folder.path, [logLineOf('db-1', 8)], 8);
  const untouched = path.join(folder.path, tapesIn(folder.path).at(-1)!.name);
  const before = readFileSync(untouched, 'utf8');
  rewindTapes(folder.path, 'web-1', `${testEpoch}-2`, 'stdin');
  expect(searchIn(folder.path).lines.map(({ text }) => text)).toEqual(
    [1, 2, 4, 5, 8].map((n) => `line ${n}`),
  );
  expect(tapesIn(folder.path)).toHaveLength(2);
  expect(readFileSync(untouched, 'utf8')).toBe(before);
});

test('a place of another start, or none, takes nothing', async () => {
  await using folder = await makeTempFolder();
  writeTape(folder.path, [logLineOf('web-1', 1)]);
  for (const place of ['0123456789-0', 'rubbish', '']) rewindTapes(folder.path, 'web-1', place, null);
  expect(searchIn(folder.path).lines).toHaveLength(1);
});

test('tapes wait for the place behind their lines, and those of an earlier start for it to be known', async () => {
  await using folder = await makeTempFolder();
  let calls = 0;
  const lines = new SettledLines({
    folder: folder.path,
    epoch: testEpoch,
    flush: () => Promise.resolve(),
    onSettled: () => calls++,
    report: (trouble) => {
      throw trouble;
    },
  });
  expect(lines.mayMove('earlier.tape')).toBe(false);
  await lines.rewind('web-1', '0123456789-3', null);
  expect(lines.mayMove('earlier.tape')).toBe(true);
  lines.take(7);
  lines.tapeClosed('own.tape');
  expect(lines.mayMove('own.tape')).toBe(false);
  const settling = lines.settle();
  lines.take(9);
  lines.tapeClosed('later.tape');
  lines.settled(await settling);
  expect([lines.mayMove('own.tape'), lines.mayMove('later.tape'), calls]).toEqual([true, false, 1]);
});
