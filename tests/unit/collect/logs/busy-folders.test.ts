/** Files that are written all the time are read by the clock, and their folder's watch rests meanwhile. */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { follow } from './support/follow.ts';
import { makeTempFolder } from './support/temp-folder.ts';

/** Writes a numbered line every few milliseconds until it is disposed of. */
class SteadyWriter implements Disposable {
  readonly file: string;
  written = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(file: string) {
    this.file = file;
    writeFileSync(file, '');
    this.#timer = setInterval(() => appendFileSync(file, `line ${this.written++}\n`), 3);
  }

  get lines(): string[] {
    return Array.from({ length: this.written }, (_, index) => `line ${index}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** As the kernel says it. */
function isWatched(folder: string): boolean {
  const wanted = `ino:${statSync(folder).ino.toString(16)} `;
  return readdirSync('/proc/self/fdinfo').some((descriptor) => {
    try {
      const told = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1');
      return told.split('\n').some((line) => line.startsWith('inotify wd:') && line.includes(wanted));
    } catch {
      return false;
    }
  });
}

describe.skipIf(process.platform !== 'linux')('a file that is written all the time', () => {
  it('is read without its folder being watched, which is watched again when it is quiet', async () => {
    using folder = makeTempFolder();
    using writer = new SteadyWriter(folder.file('busy.log'));
    await using tail = await follow([folder.file('*.log')], { readPauseMs: 50, rescanMs: 60_000 });
    expect(isWatched(folder.path)).toBe(true);
    await until('the watch to rest', () => !isWatched(folder.path));
    const { written } = writer;
    await tail.untilLine(`line ${written + 20}`);
    // Nobody looks for new files until then.
    writeFileSync(folder.file('new.log'), 'new\n');
    writer[Symbol.dispose]();
    await until('the watch to be back', () => isWatched(folder.path));
    await tail.untilLine('new');
    expect(tail.texts().filter((text) => text !== 'new')).toEqual(writer.lines);
  });

  it('is followed through rotations, and the files beside it as well', async () => {
    using folder = makeTempFolder();
    using writer = new SteadyWriter(folder.file('busy.log'));
    const other = folder.file('other.log');
    writeFileSync(other, '');
    await using tail = await follow([folder.file('*.log')], { readPauseMs: 50, rescanMs: 2_000 });
    await until('the watch to rest', () => !isWatched(folder.path));
    for (let rotation = 3; rotation > 0; rotation--) {
      renameSync(writer.file, `${writer.file}.${rotation}`);
      appendFileSync(other, `beside rotation ${rotation}\n`);
      const { written } = writer;
      await tail.untilLine(`line ${written + 20}`);
      await tail.untilLine(`beside rotation ${rotation}`);
    }
    const made = folder.file('new.log');
    writeFileSync(made, 'new\n');
    await tail.untilLine('new');
    writer[Symbol.dispose]();
    await tail.untilLine(`line ${writer.written - 1}`);
    const ofWriter = tail.lines.filter(({ source }) => source.endsWith(path.basename(writer.file)));
    expect(ofWriter.map(({ text }) => text)).toEqual(writer.lines);
  });

  it('lets no watch rest that it left, as a link that was led to another folder', async () => {
    using folder = makeTempFolder();
    // Too deep for a search: the links are what is followed.
    const deep = folder.file(Array.from({ length: 13 }, () => 'deep').join('/'));
    const [one, two] = [path.join(deep, 'one'), path.join(deep, 'two')];
    for (const each of [one, two]) mkdirSync(each, { recursive: true });
    using first = new SteadyWriter(path.join(one, 'a.log'));
    using second = new SteadyWriter(path.join(two, 'a.log'));
    writeFileSync(path.join(one, 'quiet.log'), '');
    const link = folder.file('link');
    symlinkSync(first.file, link);
    symlinkSync(path.join(one, 'quiet.log'), folder.file('other-link'));
    const files = [link, folder.file('other-link'), folder.file('**/*.log')];
    await using tail = await follow(files, { readPauseMs: 50 });
    await until('the watch to rest', () => !isWatched(one));
    symlinkSync(second.file, folder.file('new-link'));
    renameSync(folder.file('new-link'), link);
    await until('the other folder to be watched', () => isWatched(two));
    await until('the other watch to rest', () => !isWatched(two));
    await until('the first to be back', () => isWatched(one));
    for (const writer of [first, second]) writer[Symbol.dispose]();
    await until('the other to be back', () => isWatched(two));
    await tail.untilLine(`line ${second.written - 1}`);
  });

  it('does not keep new files beside it from being found, in a folder below that of the glob', async () => {
    using folder = makeTempFolder();
    mkdirSync(folder.file('deep'));
    using writer = new SteadyWriter(folder.file('deep/busy.log'));
    await using tail = await follow([folder.file('**/*.log')], { readPauseMs: 50, rescanMs: 900 });
    await until('the watch to rest', () => !isWatched(folder.file('deep')));
    for (const name of ['first', 'second']) {
      writeFileSync(folder.file(`deep/${name}.log`), `${name}\n`);
      await until(`${name}.log to be found`, () => tail.texts().includes(name));
    }
    expect(writer.written).toBeGreaterThan(0);
  });
});

it('reads what was just written without keeping the event loop from its turn', async () => {
  using folder = makeTempFolder();
  const file = folder.file('a.log');
  writeFileSync(file, 'first\n');
  const line = `${'x'.repeat(1023)}\n`;
  const perTurn: number[] = [0];
  let isOver = false;
  const countTurns = (): void => {
    perTurn.push(0);
    if (!isOver) setImmediate(countTurns);
  };
  await using tail = await follow([file]);
  await tail.untilLine('first');
  const emit = tail.lines.push.bind(tail.lines);
  tail.lines.push = (...lines) => {
    perTurn[perTurn.length - 1]! += lines.length;
    return emit(...lines);
  };
  countTurns();
  appendFileSync(file, `${line.repeat(4096)}last\n`);
  await tail.untilLine('last');
  isOver = true;
  expect(tail.lines).toHaveLength(1 + 4096 + 1);
  // Of 64 KiB each: three at once when a timer asked, then one by the thread pool, which may be done in the same turn, and three more.
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(7 * 64);
});
