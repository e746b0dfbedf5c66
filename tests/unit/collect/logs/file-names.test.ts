/** A file that has several names, one after the other or at once: it is followed once. */
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { follow } from './support/follow.ts';
import { makeTempFolder } from './support/temp-folder.ts';

describe('names of one file', () => {
  it('follows a file with several names once', async () => {
    using folder = makeTempFolder();
    const file = folder.file('b.log');
    writeFileSync(file, 'one\n');
    linkSync(file, folder.file('hard.log'));
    symlinkSync(file, folder.file('a-link.log'));
    await using tail = await follow([folder.file('*.log')]);
    appendFileSync(folder.file('hard.log'), 'two\n');
    await tail.untilLine('two');
    expect(tail.texts()).toEqual(['one', 'two']);
    expect(tail.sources.map(({ id }) => id)).toEqual([file]);
  });

  it.skipIf(process.platform !== 'linux')(
    'reads one to its end that was followed under a name another file has now, and closes it',
    async () => {
      using folder = makeTempFolder();
      const [first, second, moved] = [folder.file('a.log'), folder.file('b.log'), folder.file('a.old')];
      writeFileSync(first, 'first\n');
      writeFileSync(second, 'second\n');
      const lingers = { lingerMs: 100, rescanMs: 100 };
      await using tail = await follow([folder.file('*.log')], lingers);
      renameSync(first, moved);
      linkSync(second, first);
      appendFileSync(moved, 'late\n');
      appendFileSync(first, 'third\n');
      await tail.untilLine('late');
      // Not only when everything is looked at, every ten seconds.
      await until('the other name to be told of', () => tail.texts().includes('third'), 5_000);
      await until('the file to be closed', () => !openFiles().includes(moved));
      expect(tail.texts().sort()).toEqual(['first', 'late', 'second', 'third']);
    },
  );

  it('follows a symbolic link to the file it is swapped to', async () => {
    using folder = makeTempFolder();
    mkdirSync(folder.file('days'));
    writeFileSync(folder.file('days/1.txt'), 'one\n');
    symlinkSync('days/1.txt', folder.file('current.log'));
    await using tail = await follow([folder.file('current.log'), folder.file('days/*.txt')]);
    await tail.untilLine('one');
    writeFileSync(folder.file('days/2.txt'), 'two\n');
    symlinkSync('days/2.txt', folder.file('next'));
    renameSync(folder.file('next'), folder.file('current.log'));
    await tail.untilLine('two');
    appendFileSync(folder.file('days/2.txt'), 'three\n');
    await tail.untilLine('three');
    expect(tail.texts()).toEqual(['one', 'two', 'three']);
  });
});

/** By this process. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return '';
    }
  });
}
