/** Files that are written all the time are read by the clock, and their folder's watch rests meanwhile. */
import { appendFileSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
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
  // Three reads of 64 KiB at once, and the one before them.
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(4 * 64);
});
