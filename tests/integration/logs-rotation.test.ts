/** Rotation in every way while lines come fast: each line arrives, and arrives once. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { follow } from '../unit/collect/logs/support/follow.ts';
import { makeTempFolder } from '../unit/collect/logs/support/temp-folder.ts';

const LINE = ' of a line that is as long as lines in logs usually are, give or take';

/** Numbers in the order of arrival. */
function numbers(texts: string[]): number[] {
  return texts.map((text) => Number(/^(?:number )?(\d+)/.exec(text)?.[1]));
}

/** Same numbers, each once; a failure names the first few that are missing or double. */
function expectEachOnce(texts: string[], count: number): void {
  const times = new Uint8Array(count);
  for (const number of numbers(texts)) times[number]!++;
  const missing = [...times.keys()].filter((number) => times[number] === 0);
  const double = [...times.keys()].filter((number) => times[number]! > 1);
  expect({ missing: missing.slice(0, 5), double: double.slice(0, 5) }).toEqual({ missing: [], double: [] });
  expect(texts).toHaveLength(count);
}

function shift(file: string, kept: number): void {
  rmSync(`${file}.${kept}`, { force: true });
  for (let i = kept - 1; i >= 1; i--)
    if (existsSync(`${file}.${i}`)) renameSync(`${file}.${i}`, `${file}.${i + 1}`);
}

describe('rename rotation', () => {
  it('loses and doubles nothing in 30 rotations, faster than anybody looks', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '');
    await using tail = await follow([folder.file('*.log')]);
    let next = 0;
    for (let rotation = 0; rotation < 30; rotation++) {
      const descriptor = openSync(file, 'a');
      for (let i = 0; i < 40; i++) {
        writeSync(descriptor, Array.from({ length: 10 }, () => `${next++}${LINE}\n`).join(''));
        await setImmediate();
      }
      shift(file, 40);
      renameSync(file, `${file}.1`);
      // The writer learns of it late: some lines still go into the renamed file.
      writeSync(descriptor, `${next++}${LINE}\n`);
      closeSync(descriptor);
    }
    await tail.until(() => tail.lines.length >= next);
    expectEachOnce(tail.texts(), next);
  });

  it('finds the generations that came and went between two looks', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    // Old generations, read by nobody: they must stay unread.
    writeFileSync(`${file}.1`, 'old 1\n');
    writeFileSync(`${file}.2`, 'old 2\n');
    writeFileSync(file, `0${LINE}\n`);
    await using tail = await follow([folder.file('*.log')]);
    // No await: the follower sees only the last state.
    for (let rotation = 1; rotation <= 3; rotation++) {
      shift(file, 9);
      renameSync(file, `${file}.1`);
      writeFileSync(file, `${rotation}${LINE}\n`);
    }
    await tail.until(() => tail.lines.length >= 4);
    expect(numbers(tail.texts())).toEqual([0, 1, 2, 3]);
    appendFileSync(file, `4${LINE}\n`);
    await tail.until(() => tail.lines.length >= 5);
    expectEachOnce(tail.texts(), 5);
  });

  it('reads what a lingering writer puts into the renamed file, beside the new one', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    const old = openSync(file, 'a');
    await using tail = await follow([folder.file('*.log')]);
    renameSync(file, `${file}.1`);
    writeFileSync(file, `0${LINE}\n`);
    await tail.until(() => tail.lines.length === 1);
    for (let i = 1; i <= 20; i++) {
      (i % 2 === 0 ? appendFileSync : (_: string, text: string) => writeSync(old, text))(
        file,
        `${i}${LINE}\n`,
      );
      await tail.until(() => tail.lines.length === i + 1);
    }
    closeSync(old);
    expectEachOnce(tail.texts(), 21);
  });

  it('does not read a file again that was renamed to another name of the glob', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, `0${LINE}\n1${LINE}\n`);
    await using tail = await follow([folder.file('*.log')], { rescanMs: 50 });
    renameSync(file, folder.file('app-2026-01-02.log'));
    writeFileSync(file, `2${LINE}\n`);
    await tail.until(() => tail.lines.length >= 3);
    writeFileSync(folder.file('later.log'), `3${LINE}\n`);
    await tail.until(() => tail.lines.length >= 4);
    expectEachOnce(tail.texts(), 4);
  });

  it('is told as a state', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '');
    await using tail = await follow([folder.file('*.log')]);
    renameSync(file, `${file}.1`);
    writeFileSync(file, `0${LINE}\n`);
    await tail.until(() => tail.lines.length === 1);
    expect(tail.states('app.log').at(0)).toBe('following');
    expect(tail.states('app.log').slice(-2)).toEqual(['rotated', 'following']);
  });
});

describe('copytruncate', () => {
  it('reads from the copy what it had not read from the file, 20 times', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '');
    await using tail = await follow([folder.file('*.log')]);
    let next = 0;
    for (let rotation = 0; rotation < 20; rotation++) {
      for (let i = 0; i < 20; i++) {
        appendFileSync(file, Array.from({ length: 50 }, () => `${next++}${LINE}\n`).join(''));
        await setImmediate();
      }
      shift(file, 3);
      // No turn of the event loop from the last lines to the truncation: only the copy has them.
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
      appendFileSync(file, `${next++}${LINE}\n`);
      await tail.until(() => tail.lines.length >= next);
    }
    expectEachOnce(tail.texts(), next);
    expect(tail.gaps).toEqual([]);
  });

  it('joins a half line over the copy', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, `${'x'.repeat(300)}\nhalf `);
    await using tail = await follow([folder.file('*.log')]);
    appendFileSync(file, 'a line\n');
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
    appendFileSync(file, 'new\n');
    await tail.until(() => tail.lines.length >= 3);
    expect(tail.texts().slice(1)).toEqual(['half a line', 'new']);
  });
});

describe('a server in a process of its own', () => {
  const rotations: [string, (file: string, writer: { kill(signal: 'SIGHUP'): void }) => void][] = [
    [
      'rename, then SIGHUP',
      (file, writer) => {
        renameSync(file, `${file}.1`);
        writer.kill('SIGHUP');
      },
    ],
    [
      'delete, then SIGHUP',
      (file, writer) => {
        unlinkSync(file);
        writer.kill('SIGHUP');
      },
    ],
  ];
  for (const [name, rotate] of rotations) {
    it(`${name}: 20,000 lines at 10,000 a second, each once`, async () => {
      using folder = makeTempFolder();
      const file = folder.file('app.log');
      await using tail = await follow([folder.file('*.log')]);
      await using writer = startWriter(file, 20_000, 50);
      for (let rotation = 1; rotation <= 8; rotation++) {
        await tail.until(() => tail.lines.length >= rotation * 2_000);
        if (existsSync(file)) rotate(file, writer);
      }
      await tail.until(() => tail.lines.length >= 20_000);
      expectEachOnce(tail.texts(), 20_000);
    });
  }
});

const ROTATIONS = 3;
const ROTATED_LINES = 4_000;

const logrotate = ['/usr/sbin/logrotate', '/usr/bin/logrotate'].find((candidate) => existsSync(candidate));

describe.skipIf(logrotate === undefined)('real logrotate', () => {
  const created = [
    'create',
    'create\n compress',
    'create\n compress\n delaycompress',
    'create\n dateext\n dateformat -%Y%m%d-%s',
    'create\n extension .log\n compress\n delaycompress',
  ];
  it.each(created.map((how) => [how.replaceAll('\n', ','), how]))('%s: each line once', async (_, how) => {
    using folder = makeTempFolder();
    await using tail = await follow([folder.file('*.log')]);
    await using writer = startWriter(folder.file('app.log'), ROTATED_LINES, 25);
    for (let rotation = 1; rotation <= rotationsOf(how); rotation++) {
      await tail.until(() => tail.lines.length >= (rotation * ROTATED_LINES) / (ROTATIONS + 1));
      runLogrotate(folder.path, how);
      writer.kill('SIGHUP');
    }
    await tail.until(() => tail.lines.length >= ROTATED_LINES);
    expectEachOnce(tail.texts(), ROTATED_LINES);
  });

  const copied = ['copytruncate', 'copytruncate\n compress', 'copytruncate\n dateext\n dateformat -%s'];
  it.each(copied.map((how) => [how.replaceAll('\n', ','), how]))(
    '%s: every line that the copies or the file hold',
    async (_, how) => {
      using folder = makeTempFolder();
      const file = folder.file('app.log');
      await using tail = await follow([folder.file('*.log')]);
      await using writer = startWriter(file, ROTATED_LINES, 25);
      for (let rotation = 1; rotation <= rotationsOf(how); rotation++) {
        await tail.until(() => tail.lines.length >= (rotation * ROTATED_LINES) / (ROTATIONS + 2));
        runLogrotate(folder.path, how);
      }
      await writer.written;
      await tail.until(() => tail.lines.some(({ text }) => text.startsWith(`number ${ROTATED_LINES - 1} `)));
      // What was written between copy and truncation is in neither: logrotate(8) says so.
      const kept = readdirSync(folder.path)
        .filter((name) => name.startsWith('app.log'))
        .flatMap((name) => linesOf(folder.file(name)))
        .filter((line) => line.startsWith('number '));
      const seen = new Set(numbers(tail.texts()));
      expect(numbers(kept).filter((number) => !seen.has(number))).toEqual([]);
      expect(tail.lines).toHaveLength(seen.size);
    },
  );

  /** Names by the second can be given once a second. */
  function rotationsOf(how: string): number {
    return how.includes('dateext') ? 1 : ROTATIONS;
  }

  function linesOf(file: string): string[] {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  }

  function runLogrotate(folder: string, how: string): void {
    const config = path.join(folder, 'logrotate.conf');
    writeFileSync(
      config,
      `${folder}/app.log {\n rotate 9\n size 1\n missingok\n su ${user()}\n ${how}\n}\n`,
      { mode: 0o644 },
    );
    execFileSync(logrotate!, ['--force', '--state', path.join(folder, 'state'), config]);
  }

  function user(): string {
    const name = (...flags: string[]) => execFileSync('id', flags, { encoding: 'utf8' }).trim();
    return `${name('-un')} ${name('-gn')}`;
  }
});

function startWriter(file: string, lineCount: number, linesPerTick: number) {
  const script = path.join(import.meta.dirname, '../unit/collect/logs/support/numbered-writer.ts');
  const child = spawn(process.execPath, [script, file, String(lineCount), String(linesPerTick)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const written = once(child.stdout, 'data');
  return {
    written,
    kill: (signal: 'SIGHUP') => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
