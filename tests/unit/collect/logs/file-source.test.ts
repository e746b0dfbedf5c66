/** Following files: what is read at first, what comes later, and what is told where a file cannot be followed. */
import { execFileSync } from 'node:child_process';
import { Buffer } from 'node:buffer';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { streamEvents } from '../../../../shared/events.ts';
import { follow } from './support/follow.ts';
import { followInChild } from './support/follow-in-child.ts';
import { createLogRecorder } from './support/log-recorder.ts';
import { makeTempFolder } from './support/temp-folder.ts';

describe('the first start', () => {
  it('reads whole lines from the end of a long file, and all of a short one', async () => {
    using folder = makeTempFolder();
    const long = Array.from({ length: 1000 }, (_, i) => `line ${i}`);
    writeFileSync(folder.file('long.log'), `${long.join('\n')}\n`);
    writeFileSync(folder.file('short.log'), 'only\n');
    writeFileSync(folder.file('empty.log'), '');
    await using tail = await follow([folder.file('*.log')], { backlogBytes: 90 });
    const label = (name: string) =>
      tail.lines.filter(({ source }) => source.endsWith(name)).map(({ text }) => text);
    expect(label('long.log')).toEqual(long.slice(-10));
    expect(label('short.log')).toEqual(['only']);
    expect(tail.sources.map(({ state }) => state)).toEqual(['following', 'following', 'following']);
  });

  it('reads nothing old where the backlog is 0', async () => {
    using folder = makeTempFolder();
    writeFileSync(folder.file('a.log'), 'old\n');
    await using tail = await follow([folder.file('*.log')], { backlogBytes: 0 });
    appendFileSync(folder.file('a.log'), 'new\n');
    await tail.untilLine('new');
    expect(tail.texts()).toEqual(['new']);
  });

  it('emits what the wire contract allows', async () => {
    using folder = makeTempFolder();
    writeFileSync(
      folder.file('a.log'),
      '2026-01-02T03:04:05Z ERROR it broke\n{"level":"warn","a":{"b":1}}\n',
    );
    const recorder = createLogRecorder();
    await using tail = await follow([folder.file('*.log')], {}, recorder);
    expect(z.array(streamEvents.log.schema).parse(tail.lines)).toEqual(tail.lines);
    expect(z.array(streamEvents.source.schema).parse(tail.sources)).toEqual(tail.sources);
    expect(tail.lines[0]).toMatchObject({
      host: 'web-1',
      level: 'error',
      time: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    expect(tail.lines[1]).toMatchObject({ level: 'warn', fields: { 'a.b': 1 } });
    expect(tail.lines[1]!.source).toMatch(/^watchline-logs-\w+\/a\.log$/);
  });
});

describe('lines', () => {
  it('joins half a line with its rest, however late', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    writeFileSync(file, 'first\nhalf');
    await using tail = await follow([file]);
    expect(tail.texts()).toEqual(['first']);
    appendFileSync(file, ' a ');
    appendFileSync(folder.file('a.log'), 'line\n');
    await tail.untilLine('half a line');
    expect(tail.texts()).toEqual(['first', 'half a line']);
  });

  it('joins a character whose bytes come one by one', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    writeFileSync(file, '');
    await using tail = await follow([file]);
    for (const byte of Buffer.from('€\u{1f600}\n')) appendFileSync(file, Buffer.from([byte]));
    await tail.untilLine('€\u{1f600}');
    expect(tail.texts()).toEqual(['€\u{1f600}']);
  });

  it('leaves the text as it was written: controls, escapes, markup, bad bytes', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    writeFileSync(file, '');
    await using tail = await follow([file]);
    appendFileSync(file, '\u001b]52;c;x\u0007<script>\u202e\u2028 \0 id: 7\n');
    appendFileSync(file, Buffer.from([0xff, 0xfe, 0x41, 0x0a]));
    await tail.untilLine('\ufffd\ufffdA');
    expect(tail.texts()).toEqual(['\u001b]52;c;x\u0007<script>\u202e\u2028 \0 id: 7', '\ufffd\ufffdA']);
  });
});

describe('files that come and go', () => {
  it('follows a new file by glob, in a new folder too, from its start', async () => {
    using folder = makeTempFolder();
    await using tail = await follow([folder.file('**/*.log')], { rescanMs: 100 });
    mkdirSync(folder.file('app/deep'), { recursive: true });
    writeFileSync(folder.file('app/deep/a.log'), 'one\n');
    await tail.untilLine('one');
    appendFileSync(folder.file('app/deep/a.log'), 'two\n');
    await tail.untilLine('two');
    expect(tail.texts()).toEqual(['one', 'two']);
  });

  it('follows files in a folder whose name begins with a dot where the glob says it, and in no other', async () => {
    using folder = makeTempFolder();
    for (const name of ['.pm2', '.cache']) {
      mkdirSync(folder.file(`home/${name}/logs`), { recursive: true });
      writeFileSync(folder.file(`home/${name}/logs/app.log`), `of ${name}\n`);
    }
    await using tail = await follow([folder.file('*/.pm2/**/*.log')]);
    await tail.untilLine('of .pm2');
    expect(tail.texts()).toEqual(['of .pm2']);
  });

  it('waits for a named file that is not there', async () => {
    using folder = makeTempFolder();
    const file = folder.file('late.log');
    await using tail = await follow([file]);
    const waiting = await tail.untilState('late.log', 'waiting');
    expect(waiting.reason).toContain(file);
    writeFileSync(file, 'here\n');
    await tail.untilLine('here');
    await tail.untilState('late.log', 'following');
  });

  it('follows a file that was deleted and made again, with the same inode where the filesystem gives it again', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    writeFileSync(file, 'one\n');
    await using tail = await follow([file]);
    for (let i = 0; i < 5; i++) {
      unlinkSync(file);
      writeFileSync(file, `again ${i}\n`);
      await tail.untilLine(`again ${i}`);
    }
    expect(tail.texts()).toEqual(['one', 'again 0', 'again 1', 'again 2', 'again 3', 'again 4']);
  });

  it('reads the last words of a file that is deleted while it is written', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    writeFileSync(file, '');
    await using tail = await follow([file]);
    const descriptor = openSync(file, 'a');
    unlinkSync(file);
    writeSync(descriptor, 'last words\n');
    closeSync(descriptor);
    await tail.untilLine('last words');
  });

  it('tells two files with the same head apart', async () => {
    using folder = makeTempFolder();
    const head = `${'# same banner\n'.repeat(100)}`;
    writeFileSync(folder.file('a.log'), head);
    writeFileSync(folder.file('b.log'), head);
    await using tail = await follow([folder.file('*.log')], { backlogBytes: 0 });
    appendFileSync(folder.file('a.log'), 'from a\n');
    appendFileSync(folder.file('b.log'), 'from b\n');
    await tail.until(() => tail.lines.length === 2);
    expect(tail.lines.map(({ source, text }) => [source.slice(-5), text]).sort()).toEqual([
      ['a.log', 'from a'],
      ['b.log', 'from b'],
    ]);
  });
});

describe('truncation', () => {
  it('starts over after a plain truncation', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    writeFileSync(file, 'one\ntwo\n');
    await using tail = await follow([file]);
    truncateSync(file);
    await tail.until(() => tail.states('a.log').includes('rotated'));
    appendFileSync(file, 'three\n');
    await tail.untilLine('three');
    expect(tail.texts()).toEqual(['one', 'two', 'three']);
  });

  it('notices that a file was truncated and has grown past the old place since', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    const banner = '# the same first line\n'.repeat(20);
    writeFileSync(file, `${banner}one\n`);
    await using tail = await follow([file], { backlogBytes: 0 });
    const grown = Array.from({ length: 50 }, (_, i) => `after ${i}`);
    // One call: nobody sees the file short.
    writeFileSync(file, `${banner}${grown.join('\n')}\n`);
    await tail.untilLine('after 49');
    expect(tail.texts().filter((text) => text.startsWith('after'))).toEqual(grown);
  });

  it('skips the hole under a writer that went on at its old offset', async () => {
    using folder = makeTempFolder();
    const file = folder.file('a.log');
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, 'one\n'.repeat(50_000));
    await using tail = await follow([file], { backlogBytes: 10 });
    truncateSync(file);
    writeSync(descriptor, 'two\n');
    closeSync(descriptor);
    await tail.untilLine('two');
    expect(tail.texts().at(-1)).toBe('two');
    expect(tail.texts().every((text) => text === 'one' || text === 'two')).toBe(true);
  });
});

describe('what must not be read', () => {
  it('refuses a symbolic link that leads out of the globs, also after a swap', async () => {
    using folder = makeTempFolder();
    using secret = makeTempFolder();
    writeFileSync(secret.file('secret.log'), 'the secret\n');
    symlinkSync(secret.file('secret.log'), folder.file('a.log'));
    writeFileSync(folder.file('b.log'), 'fine\n');
    await using tail = await follow([folder.file('*.log')]);
    const refused = await tail.untilState('a.log', 'failed');
    expect(refused.reason).toContain('which no configured glob allows');

    symlinkSync(secret.file('secret.log'), folder.file('next'));
    renameSync(folder.file('next'), folder.file('b.log'));
    await tail.untilState('b.log', 'failed');
    expect(tail.texts()).toEqual(['fine']);
  });

  it('refuses `..` in disguise: a folder that is a link', async () => {
    using folder = makeTempFolder();
    using secret = makeTempFolder();
    mkdirSync(folder.file('logs'));
    writeFileSync(secret.file('a.log'), 'the secret\n');
    symlinkSync(secret.path, folder.file('logs/out'));
    writeFileSync(folder.file('logs/b.log'), 'fine\n');
    await using tail = await follow([folder.file('logs/**/*.log'), folder.file('logs/*/a.log')]);
    expect(tail.texts()).toEqual(['fine']);
  });

  it('allows the way of a glob itself to lead through a link, as /var does on macOS', async () => {
    using folder = makeTempFolder();
    mkdirSync(folder.file('private'));
    symlinkSync('private', folder.file('var'));
    writeFileSync(folder.file('private/a.log'), 'one\n');
    await using tail = await follow([folder.file('var/*.log')]);
    expect(tail.texts()).toEqual(['one']);
  });

  it.skipIf(process.platform === 'win32')('does not hang on a FIFO', async () => {
    using folder = makeTempFolder();
    execFileSync('mkfifo', [folder.file('pipe.log')]);
    writeFileSync(folder.file('z.log'), 'one\n');
    await using tail = await follow([folder.file('*.log')]);
    expect((await tail.untilState('pipe.log', 'failed')).reason).toContain('not a regular file');
    expect(tail.texts()).toEqual(['one']);
  });

  it('does not follow binary files', async () => {
    using folder = makeTempFolder();
    writeFileSync(folder.file('a.log'), Buffer.from([1, 0, 2, 0, 0x0a]));
    await using tail = await follow([folder.file('*.log')]);
    expect((await tail.untilState('a.log', 'failed')).reason).toContain('binary');
    expect(tail.lines).toEqual([]);
  });

  it('follows a bounded number of files and says how many it left out', async () => {
    using folder = makeTempFolder();
    for (let i = 0; i < 5; i++) writeFileSync(folder.file(`${i}.log`), 'x\n');
    await using tail = await follow([folder.file('*.log')], { maxFiles: 3 });
    expect(tail.lines).toHaveLength(3);
    expect((await tail.untilState('file-limit', 'failed')).reason).toMatch(/^5 files match.*2 are left out/);
    rmSync(folder.file('3.log'));
    rmSync(folder.file('4.log'));
    await tail.untilState('file-limit', 'following');
  });
});

describe('permission', () => {
  it('tells how to get it, follows when it is given, and goes on when it was away', async () => {
    using folder = makeTempFolder();
    chmodSync(folder.path, 0o755);
    const file = folder.file('a.log');
    writeFileSync(file, 'one\n');
    chmodSync(file, 0o600);
    await using tail = followInChild([folder.file('*.log'), '--nobody']);
    // Not root: the owner itself is refused by mode 0.
    if (process.getuid?.() !== 0) chmodSync(file, 0o000);
    const denied = await tail.untilState('a.log', 'denied');
    expect(denied.reason).toMatch(/sudo (usermod -aG \w+|setfacl -m u:)/);
    chmodSync(file, 0o644);
    await tail.untilLine('one');
    await tail.untilState('a.log', 'following');
    appendFileSync(file, 'two\n');
    await tail.untilLine('two');
    expect(tail.texts()).toEqual(['one', 'two']);
  });
});

describe('without inotify', () => {
  const isolate = [
    'unshare',
    '--user',
    '--map-root-user',
    'sh',
    '-c',
    'echo 0 > /proc/sys/user/max_inotify_watches; exec "$@"',
    '-',
  ];
  const canIsolate = () => {
    try {
      execFileSync(isolate[0]!, [...isolate.slice(1), 'true'], { stdio: 'ignore' });
      return process.platform === 'linux';
    } catch {
      return false;
    }
  };

  it.skipIf(!canIsolate())('polling takes over where the watches are used up', async () => {
    using folder = makeTempFolder();
    chmodSync(folder.path, 0o755);
    const file = folder.file('a.log');
    writeFileSync(file, 'one\n');
    await using tail = followInChild([folder.file('*.log')], isolate);
    await tail.untilLine('one');
    appendFileSync(file, 'two\n');
    await tail.untilLine('two');
    renameSync(file, folder.file('a.log.1'));
    writeFileSync(file, 'three\n');
    writeFileSync(folder.file('b.log'), 'four\n');
    await tail.until(() => tail.lines.length === 4);
    expect(tail.texts().sort()).toEqual(['four', 'one', 'three', 'two']);
  });
});
