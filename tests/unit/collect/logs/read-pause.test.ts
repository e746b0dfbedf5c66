/** Lines that are read in groups: how long they wait, and that they come at once when somebody asks. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { until } from '../../../support/until.ts';
import { follow } from './support/follow.ts';
import { makeTempFolder } from './support/temp-folder.ts';

test('waits between two reads where it is told to, and not where somebody asks for the lines', async () => {
  using folder = makeTempFolder();
  const file = folder.file('a.log');
  writeFileSync(file, '');
  await using tail = await follow([file], { readPauseMs: 600_000 });
  appendFileSync(file, 'first\n');
  await until('the line of the first read', async () => {
    await tail.readNow();
    return tail.texts().length === 1;
  });
  appendFileSync(file, 'second\n');
  await until('a line that waits', async () => {
    await tail.readNow();
    return tail.texts().length === 2;
  });
  expect(tail.texts()).toEqual(['first', 'second']);
});
