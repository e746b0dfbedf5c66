/** Going on after a restart: whatever happened to the files meanwhile, every line comes once. */
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createLogCollector } from '../../../../collect/logs/log-collector.ts';
import { mergePositions, parsePositions, type LogPositions } from '../../../../collect/logs/log-positions.ts';
import { follow } from './support/follow.ts';
import { kept } from './support/kept-positions.ts';
import { createLogRecorder } from './support/log-recorder.ts';
import { makeTempFolder } from './support/temp-folder.ts';

/** Follows `app.log` with "1", "2" in it, ends, lets `meanwhile` happen, and follows it again until "last". */
async function linesAfter(
  meanwhile: (file: (name: string) => string) => void,
  first = '1\n2\n',
): Promise<string[]> {
  using folder = makeTempFolder();
  const file = (name: string) => folder.file(name);
  writeFileSync(file('app.log'), first);
  let positions: LogPositions;
  {
    await using tail = await follow([file('*.log')], {});
    await tail.untilLine('2');
    positions = kept(tail);
  }
  meanwhile(file);
  await using tail = await follow([file('*.log')], { positions });
  await tail.untilLine('last');
  return tail.texts();
}

describe('after a restart', () => {
  it('goes on where it was', async () => {
    expect(await linesAfter((file) => appendFileSync(file('app.log'), '3\nlast\n'))).toEqual(['3', 'last']);
  });

  it('reads the half line that was waiting for its end, whole', async () => {
    const lines = await linesAfter((file) => appendFileSync(file('app.log'), 'lf\nlast\n'), '1\n2\nha');
    expect(lines).toEqual(['half', 'last']);
  });

  it('reads the rest of a file that was rotated by name, and its follower', async () => {
    const lines = await linesAfter((file) => {
      appendFileSync(file('app.log'), '3\n');
      renameSync(file('app.log'), file('app.log.1'));
      writeFileSync(file('app.log'), '4\nlast\n');
    });
    expect(lines).toEqual(['3', '4', 'last']);
  });

  it('reads through two rotations', async () => {
    const lines = await linesAfter((file) => {
      appendFileSync(file('app.log'), '3\n');
      renameSync(file('app.log'), file('app.log.2'));
      writeFileSync(file('app.log.1'), '4\n');
      writeFileSync(file('app.log'), '5\nlast\n');
    });
    expect(lines).toEqual(['3', '4', '5', 'last']);
  });

  it('reads what a copytruncate saved in the copy', async () => {
    const lines = await linesAfter((file) => {
      appendFileSync(file('app.log'), '3\n');
      copyFileSync(file('app.log'), file('app.log.1'));
      truncateSync(file('app.log'), 0);
      appendFileSync(file('app.log'), '4\nlast\n');
    });
    expect(lines).toEqual(['3', '4', 'last']);
  });

  it('reads a rotated file whose successor is not there yet', async () => {
    using folder = makeTempFolder();
    writeFileSync(folder.file('app.log'), '1\n');
    let positions: LogPositions;
    {
      await using tail = await follow([folder.file('app.log')], {});
      await tail.untilLine('1');
      positions = kept(tail);
    }
    appendFileSync(folder.file('app.log'), '2\n');
    renameSync(folder.file('app.log'), folder.file('app.log.1'));
    await using tail = await follow([folder.file('app.log')], { positions });
    await tail.untilLine('2');
    writeFileSync(folder.file('app.log'), 'last\n');
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['2', 'last']);
  });

  it('reads a file that was born meanwhile from its start, however long', async () => {
    const long = Array.from({ length: 5_000 }, (_, i) => `line ${i}`);
    const lines = await linesAfter((file) => writeFileSync(file('new.log'), `${long.join('\n')}\nlast\n`));
    expect(lines).toEqual([...long, 'last']);
  });

  it('reads what was copytruncated and renamed: the rest in the copy, then all of the file', async () => {
    const lines = await linesAfter((file) => {
      appendFileSync(file('app.log'), '3\n');
      copyFileSync(file('app.log'), file('app.log.2'));
      truncateSync(file('app.log'), 0);
      appendFileSync(file('app.log'), '4, which is longer than all before\n');
      renameSync(file('app.log'), file('app.log.1'));
      writeFileSync(file('app.log'), '5\nlast\n');
    });
    expect(lines).toEqual(['3', '4, which is longer than all before', '5', 'last']);
  });

  it.each([
    ['gzip', 'gz', gzipSync],
    ['zstd', 'zst', zstdCompressSync],
  ])('reads the rest of a file that was compressed at once, with %s', async (_, ending, compress) => {
    const long = Array.from({ length: 4_000 }, (__, i) => `${i} of lines that take more than one piece`);
    const lines = await linesAfter((file) => {
      appendFileSync(file('app.log'), `lf\n${long.join('\n')}\n`);
      writeFileSync(file(`app.log.1.${ending}`), compress(readFileSync(file('app.log'))));
      writeFileSync(file(`app.log.2.${ending}`), compress(Buffer.from('of long ago\n')));
      writeFileSync(file(`app.log.3.${ending}`), 'damaged');
      rmSync(file('app.log'));
      writeFileSync(file('app.log'), 'last\n');
    }, '1\n2\nha');
    expect(lines).toEqual(['half', ...long, 'last']);
  });

  it('does not read a copy again that was done with', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n');
    let positions: LogPositions;
    {
      await using tail = await follow([file], { lingerMs: -1 });
      appendFileSync(file, '2\n');
      copyFileSync(file, `${file}.1`);
      truncateSync(file, 0);
      appendFileSync(file, '3\n');
      await tail.untilLine('3');
      await expect.poll(() => kept(tail).files[0]!.seen).toHaveLength(1);
      positions = kept(tail);
    }
    renameSync(file, `${file}.0`);
    writeFileSync(file, 'last\n');
    await using tail = await follow([file], { positions });
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['last']);
  });

  it('does not take a file for the empty one whose inode it has', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n2\n');
    let positions: LogPositions;
    {
      await using tail = await follow([file]);
      await tail.untilLine('2');
      positions = kept(tail);
    }
    appendFileSync(file, '3\n');
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
    appendFileSync(file, 'last\n');
    // A rotated file that was empty, and is gone: the copy got its inode.
    const { dev, ino } = statSync(`${file}.1`);
    const nothing = { bytes: 0, sum: 0 };
    const empty = { id: `${dev}:${ino}`, head: nothing, offset: 0, overlap: nothing, isMidLine: false };
    positions.files[0]!.open.unshift(empty);
    await using tail = await follow([file], { positions });
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['3', 'last']);
  });

  it('goes on where it was ended while it catches up', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    const long = Array.from({ length: 4_000 }, (_, i) => `${i} of lines that fill more than one read`);
    writeFileSync(file, 'first\n');
    let positions: LogPositions;
    {
      await using tail = await follow([file]);
      positions = kept(tail);
    }
    appendFileSync(file, `${long.join('\n')}\n`);
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'last\n');
    const room = Promise.withResolvers<void>();
    let isFull = true;
    let asked = 0;
    const options = { room: () => (asked++ >= 0 && isFull ? room.promise : null), lingerMs: -1 };
    const texts: string[] = [];
    {
      const recorder = createLogRecorder();
      const collector = createLogCollector({
        host: 'web-1',
        files: [file],
        exclude: [],
        journal: 'off',
        positions,
        ...options,
      });
      const starting = collector.start((observation) => recorder.emit(observation));
      await expect.poll(() => asked).toBeGreaterThan(0);
      const ending = collector[Symbol.asyncDispose]();
      isFull = false;
      room.resolve();
      await Promise.all([starting, ending]);
      texts.push(...recorder.texts());
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.length).toBeLessThan(long.length);
      positions = parsePositions(JSON.stringify(collector.positions()))!;
    }
    await using tail = await follow([file], { positions });
    await tail.untilLine('last');
    expect([...texts, ...tail.texts()]).toEqual([...long, 'last']);
  });

  it('begins anew where another file has the name and the old one is gone', async () => {
    const lines = await linesAfter((file) => {
      rmSync(file('app.log'));
      writeFileSync(file('app.log'), 'other\nlast\n');
    });
    expect(lines).toEqual(['other', 'last']);
  });
});

it('does not read a copy that was made without a truncation', async () => {
  using folder = makeTempFolder();
  const file = folder.file('app.log');
  writeFileSync(file, '1\n');
  await using tail = await follow([file]);
  appendFileSync(file, '2\n');
  await tail.untilLine('2');
  copyFileSync(file, `${file}.1`);
  renameSync(file, `${file}.2`);
  writeFileSync(file, 'last\n');
  await tail.untilLine('last');
  expect(tail.texts()).toEqual(['1', '2', 'last']);
});

it('hands over what changed, and nothing where nothing did', async () => {
  using folder = makeTempFolder();
  writeFileSync(folder.file('a.log'), 'a\n');
  writeFileSync(folder.file('b.log'), 'b\n');
  await using tail = await follow([folder.file('*.log')], {});
  await tail.untilLine('b');
  const first = tail.changedPositions()!;
  expect(first.files.map(({ path }) => path)).toEqual([folder.file('a.log'), folder.file('b.log')]);
  expect(tail.changedPositions()).toBeNull();
  appendFileSync(folder.file('b.log'), 'more\n');
  await tail.untilLine('more');
  const second = tail.changedPositions()!;
  expect(second.files.map(({ path }) => path)).toEqual([folder.file('b.log')]);
  expect(mergePositions(first, second).files).toEqual(tail.positions().files);
});

it.each(['', 'null', '{}', '{"at":1,"files":[{}]}', '{"at":1,"files":[{"path":"a","openedNs":"x"}]}'])(
  'takes %s for no positions at all',
  (json) => expect(parsePositions(json)).toBeNull(),
);

it('does not hand an odd cursor to journalctl', () => {
  const positions = { at: 1, files: [], journal: { cursor: '--file=/etc/shadow', time: 1 } };
  expect(parsePositions(JSON.stringify(positions))?.journal).toBeNull();
});
