/** Rotations by scripts that copy: over earlier copies, from copy to copy, and around a kill. Each line once. */
import { Buffer } from 'node:buffer';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LogPositions } from '../../../../collect/logs/log-positions.ts';
import { follow } from './support/follow.ts';
import { kept } from './support/kept-positions.ts';
import { createLogRecorder } from './support/log-recorder.ts';
import { makeTempFolder } from './support/temp-folder.ts';

describe('a script that copies', () => {
  it('over the copy of last time: what the file lost is read from it', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n');
    await using tail = await follow([file]);
    appendFileSync(file, '2\n');
    await tail.untilLine('2');
    copyFileSync(file, `${file}.old`);
    truncateSync(file, 0);
    appendFileSync(file, '3\n');
    await tail.untilLine('3');
    // The copy of last time is still open: somebody might write to it.
    appendFileSync(file, '4\n');
    copyFileSync(file, `${file}.old`);
    truncateSync(file, 0);
    appendFileSync(file, 'last\n');
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['1', '2', '3', '4', 'last']);
    expect(tail.gaps).toEqual([]);
  });

  it('from copy to copy: a copy of what was done with is no news', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n');
    await using tail = await follow([file], { lingerMs: -1 });
    for (const line of ['2', '3', '4', '5', '6']) {
      appendFileSync(file, `${line}\n`);
      await tail.untilLine(line);
      for (let i = Number(line) - 2; i > 0; i--) copyFileSync(`${file}.${i}`, `${file}.${i + 1}`);
      copyFileSync(file, `${file}.1`);
      truncateSync(file, 0);
    }
    appendFileSync(file, 'last\n');
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['1', '2', '3', '4', '5', '6', 'last']);
  });

  it('before a kill, and truncates after it: the copy that reading was ahead of is known', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n');
    let positions: LogPositions;
    {
      await using tail = await follow([file]);
      appendFileSync(file, '2\n');
      await tail.untilLine('2');
      copyFileSync(file, `${file}.1`);
      appendFileSync(file, '3\n');
      await tail.untilLine('3');
      positions = kept(tail);
    }
    truncateSync(file, 0);
    appendFileSync(file, 'last\n');
    await using tail = await follow([file], { positions });
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['last']);
  });
});

describe('a file that was done with', () => {
  it('is read on where it was written to once more', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n');
    await using tail = await follow([file], { lingerMs: -1 });
    await tail.untilLine('1');
    renameSync(file, `${file}.1`);
    writeFileSync(file, '2\n');
    await tail.untilLine('2');
    await expect.poll(() => kept(tail).files[0]!.seen).toHaveLength(1);
    appendFileSync(`${file}.1`, 'late\n');
    renameSync(`${file}.1`, `${file}.2`);
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'last\n');
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['1', '2', 'late', 'last']);
  });

  it('is read on where it was written to while nobody followed', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n');
    let positions: LogPositions;
    {
      await using tail = await follow([file], { lingerMs: -1 });
      await tail.untilLine('1');
      renameSync(file, `${file}.1`);
      writeFileSync(file, '2\n');
      await tail.untilLine('2');
      await expect.poll(() => kept(tail).files[0]!.seen).toHaveLength(1);
      positions = kept(tail);
    }
    appendFileSync(`${file}.1`, 'late\n');
    appendFileSync(file, 'last\n');
    await using tail = await follow([file], { positions });
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['late', 'last']);
  });

  it('is news where it begins as before and holds other lines by now', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    const banner = 'This is a banner. '.repeat(30);
    writeFileSync(file, `${banner}\n1\n`);
    await using tail = await follow([file], { lingerMs: -1 });
    await tail.untilLine('1');
    renameSync(file, `${file}.1`);
    writeFileSync(file, `${banner}\n2\n`);
    await tail.untilLine('2');
    await expect.poll(() => kept(tail).files[0]!.seen).toHaveLength(1);
    writeFileSync(`${file}.1`, `${banner}\n3\n`);
    renameSync(file, `${file}.2`);
    writeFileSync(file, 'last\n');
    await tail.untilLine('last');
    expect(tail.texts().filter((text) => text !== banner)).toEqual(['1', '2', '3', 'last']);
  });
});

it('goes on in a log that has another inode, or is on a disk of another number, since the last start', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  const lines = Array.from({ length: 40 }, (_, i) => `${i} of a line that is as long as lines usually are`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  let positions: LogPositions;
  {
    await using tail = await follow([file]);
    await tail.untilLine(lines.at(-1)!);
    positions = kept(tail);
  }
  appendFileSync(file, '41\n');
  copyFileSync(file, folder.file('moved'));
  renameSync(folder.file('moved'), file);
  appendFileSync(file, 'last\n');
  await using tail = await follow([file], { positions });
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['41', 'last']);
});

it.each([20, 1000])('skips a hole of %i bytes that came while nobody followed', async (size) => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  const descriptor = openSync(file, 'w');
  const first = 'x'.repeat(size - 1);
  writeSync(descriptor, `${first}\n`);
  let positions: LogPositions;
  {
    await using tail = await follow([file]);
    await tail.untilLine(first);
    positions = kept(tail);
  }
  truncateSync(file, 0);
  // Not appended: at the place where the writer was.
  writeSync(descriptor, 'one\nlast\n');
  closeSync(descriptor);
  await using tail = await follow([file], { positions });
  await tail.until(() => tail.texts().includes('last') || tail.states('app.log').includes('failed'));
  expect(tail.texts()).toEqual(['one', 'last']);
});

it('does not read what only lies beside a log and begins with its name', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '1\n');
  await using tail = await follow([file]);
  await tail.untilLine('1');
  writeFileSync(`${file}.offset`, 'how far another program read\n');
  writeFileSync(`${file}.lock`, '4711\n');
  writeFileSync(`${file}.2`, Buffer.from([1, 0, 2, 0, 0x0a]));
  renameSync(file, `${file}.1`);
  writeFileSync(file, 'last\n');
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['1', 'last']);
});

it('reads what was rotated away right after following began, and nothing that was rotated before', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '1\n');
  writeFileSync(`${file}.1`, 'of long ago\n');
  await using tail = await follow([file]);
  // In one turn of the event loop, and perhaps in one tick of the clock that files have.
  renameSync(`${file}.1`, `${file}.3`);
  renameSync(file, `${file}.2`);
  writeFileSync(file, '2\n');
  renameSync(file, `${file}.1`);
  writeFileSync(file, 'last\n');
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['1', '2', 'last']);
});

it('knows a file by what was read of it, not by what it held when it was opened', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '');
  let positions: LogPositions;
  {
    await using tail = await follow([file]);
    positions = kept(tail);
  }
  writeFileSync(`${file}.2`, '1\n');
  appendFileSync(file, '2\n');
  {
    // The rotated file waits for room, while the log is open and not read.
    const room = Promise.withResolvers<void>();
    let isFull = true;
    let asked = 0;
    const recorder = createLogRecorder();
    const tail = follow(
      [file],
      { positions, room: () => (asked++ >= 0 && isFull ? room.promise : null) },
      recorder,
    );
    await expect.poll(() => asked).toBeGreaterThan(0);
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
    appendFileSync(file, '3\n');
    isFull = false;
    room.resolve();
    await using following = await tail;
    await recorder.untilLine('3');
    expect(recorder.texts()).toEqual(['1', '2', '3']);
    positions = kept(following);
  }
  appendFileSync(file, 'last\n');
  await using tail = await follow([file], { positions });
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['last']);
});
