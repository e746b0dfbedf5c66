/** A copytruncate: what the copy saved is read once, wherever reading had got to when it was made. */
import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { follow } from './support/follow.ts';
import { makeTempFolder } from './support/temp-folder.ts';

it('does not read a copy that reading was ahead of when the file was truncated', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '1\n');
  await using tail = await follow([file]);
  appendFileSync(file, '2\n');
  await tail.untilLine('2');
  copyFileSync(file, `${file}.1`);
  appendFileSync(file, '3\n');
  await tail.untilLine('3');
  truncateSync(file, 0);
  appendFileSync(file, 'last\n');
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['1', '2', '3', 'last']);
});

it('tells the half line at the end of a copy at once: its rest was truncated', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '1\n');
  await using tail = await follow([file]);
  await tail.untilLine('1');
  appendFileSync(file, '2\nha');
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
  appendFileSync(file, 'last\n');
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['1', '2', 'ha', 'last']);
});

it('knows a copy that ends far before the place where the file was truncated', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '');
  await using tail = await follow([file]);
  const all: string[] = [];
  const append = async (line: string) => {
    all.push(line);
    appendFileSync(file, `${line}\n`);
    await tail.untilLine(line);
  };
  for (let i = 0; i < 40; i++) {
    await append(`${i} of a line that is as long as lines in logs usually are`);
    if (i === 15) copyFileSync(file, `${file}.1`);
  }
  truncateSync(file, 0);
  await append('last');
  // A rotation looks for files that are news again.
  renameSync(file, `${file}.0`);
  await append('of another file');
  expect(tail.texts()).toEqual(all);
});

it('reads files that begin alike, as those with a banner do, each once', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  const banner = 'This is a banner. '.repeat(30);
  writeFileSync(file, `${banner}\n`);
  await using tail = await follow([file]);
  appendFileSync(file, '1\n2\n3\n');
  await tail.untilLine('3');
  // No turn of the event loop: what was under the path between is news.
  renameSync(file, `${file}.2`);
  writeFileSync(`${file}.1`, `${banner}\n4\n`);
  writeFileSync(file, `${banner}\nlast\n`);
  await tail.untilLine('last');
  expect(tail.texts()).toEqual([banner, '1', '2', '3', banner, '4', banner, 'last']);
});

it('reads a rotated file that begins as the one which was truncated, and ends otherwise', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  const banner = 'This is a banner. '.repeat(30);
  writeFileSync(file, `${banner}\n`);
  await using tail = await follow([file]);
  for (const line of ['1', '2', '3']) {
    appendFileSync(file, `${line}\n`);
    await tail.untilLine(line);
  }
  writeFileSync(`${file}.1`, `${banner}\n4\n`);
  truncateSync(file, 0);
  appendFileSync(file, 'last\n');
  await tail.untilLine('last');
  expect(tail.texts()).toEqual([banner, '1', '2', '3', banner, '4', 'last']);
});
