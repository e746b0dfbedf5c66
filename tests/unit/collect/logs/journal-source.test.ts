/** The journal, through a real child process that speaks as journalctl does. */
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { JournalSource } from '../../../../collect/logs/journal/journal-source.ts';
import { parseJournalEntry } from '../../../../collect/logs/journal/journal-entry.ts';
import { createLineEmitter } from '../../../../collect/logs/line-emitter.ts';
import { streamEvents } from '../../../../shared/events.ts';
import { until } from '../../../support/until.ts';
import { follow } from './support/follow.ts';
import { writeJournalctl } from './support/journalctl-script.ts';
import { createLogRecorder } from './support/log-recorder.ts';
import { makeTempFolder } from './support/temp-folder.ts';

async function followJournal(journalctlPath: string, folders: readonly string[] = []) {
  const recorder = createLogRecorder();
  const emitter = createLineEmitter('web-1', (observation) => recorder.emit(observation));
  const source = new JournalSource({
    host: 'web-1',
    journalctlPath,
    restartMs: 1,
    room: () => null,
    folders,
    lookMs: 5,
    onEntry: (entry) => emitter.entry(entry),
  });
  await source.start((observation) => recorder.emit(observation));
  return { ...recorder, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
}

describe('an entry', () => {
  it('becomes a line: time, level by priority, source, unit', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, ["entry(1, { PRIORITY: '3' }); stay();"]);
    await using tail = await follow([], { journal: 'auto', journalctlPath: journalctl.path });
    await tail.untilLine('entry 1');
    expect(streamEvents.log.schema.parse(tail.lines[0])).toEqual({
      host: 'web-1',
      time: 1767323046678,
      level: 'error',
      source: 'sshd',
      text: 'entry 1',
      fields: { unit: 'ssh.service' },
    });
    expect(
      z
        .array(streamEvents.source.schema)
        .parse(tail.sources)
        .map(({ state }) => state),
    ).toEqual(['waiting', 'following']);
    expect(journalctl.calls()[0]).toEqual(expect.arrayContaining(['--follow', '--output=json']));
  });

  it('of before is among the last 200, where a journal is there', async () => {
    using folder = makeTempFolder();
    const machine = `${folder.path}/journal/0123456789abcdef0123456789abcdef`;
    mkdirSync(machine, { recursive: true });
    const journalctl = writeJournalctl(folder, ['entry(1); stay();']);
    await using tail = await followJournal(journalctl.path, [`${folder.path}/journal`]);
    await tail.untilLine('entry 1');
    expect(journalctl.calls()[0]).toEqual(expect.arrayContaining(['--lines=200']));
  });

  const base = { __CURSOR: 'c', __REALTIME_TIMESTAMP: '1767323045678901' };
  const entries: [string, object, object][] = [
    ['a message of bytes', { MESSAGE: [0x68, 0x69, 0xff, 0x1b] }, { text: 'hi\ufffd\u001b' }],
    ['a message given twice', { MESSAGE: ['first', 'second'] }, { text: 'first' }],
    ['a message too long for journalctl', { MESSAGE: null }, { text: '' }],
    ['no message', {}, { text: '', severity: null, source: 'journal', unit: null }],
    ['a unit without identifier', { MESSAGE: 'x', _SYSTEMD_UNIT: 'nginx.service' }, { source: 'nginx' }],
    ['a long message', { MESSAGE: 'x'.repeat(70_000) }, { isTruncated: true, text: 'x'.repeat(65_536) }],
  ];
  for (const [name, fields, expected] of entries) {
    it(name, () => expect(parseJournalEntry(JSON.stringify({ ...base, ...fields }))).toMatchObject(expected));
  }

  it('that is none is refused', () => {
    for (const json of ['', '{', '[]', '{"MESSAGE":"x"}', '{"__CURSOR":"c","__REALTIME_TIMESTAMP":"x"}']) {
      expect(parseJournalEntry(json), json).toBeNull();
    }
  });

  it('from standard output takes the level its text names', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, [
      "entry(1, { _TRANSPORT: 'stdout', MESSAGE: '{\"level\":\"error\"}' }); entry(2, { MESSAGE: 'ERROR but info by priority' }); stay();",
    ]);
    await using tail = await followJournal(journalctl.path);
    await tail.until(() => tail.lines.length === 2);
    expect(tail.lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('of a stack trace are one line, also where another source speaks in between', async () => {
    using folder = makeTempFolder();
    const trace = [
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in <module>',
      'ValueError: no',
    ];
    const say = (n: number, text: string) =>
      `entry(${n}, { _TRANSPORT: 'stdout', SYSLOG_IDENTIFIER: 'app', MESSAGE: ${JSON.stringify(text)} });`;
    const journalctl = writeJournalctl(folder, [
      `${say(1, trace[0]!)} entry(2); ${say(3, trace[1]!)} ${say(4, trace[2]!)} ${say(5, 'all is well')} stay();`,
    ]);
    await using tail = await followJournal(journalctl.path);
    await tail.until(() => tail.lines.length === 3);
    const bySource = tail.lines.map(({ source, level, text }) => [source, level, text]);
    expect(bySource.sort()).toEqual(
      [
        ['app', 'error', trace.join('\n')],
        ['app', 'info', 'all is well'],
        ['sshd', 'info', 'entry 2'],
      ].sort(),
    );
  });
});

describe('when journalctl ends', () => {
  it('it is started again from the last entry, which comes once', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, [
      'entry(1); entry(2); process.exitCode = 1;',
      'entry(2); entry(3); stay();',
    ]);
    await using tail = await followJournal(journalctl.path);
    await tail.untilLine('entry 3');
    expect(tail.texts()).toEqual(['entry 1', 'entry 2', 'entry 3']);
    expect(journalctl.calls()[1]).toEqual(
      expect.arrayContaining(['--no-tail', '--cursor=s=6c7e;i=2;b=9a;m=2;t=2;x=3']),
    );
    expect(tail.states('journal')).toEqual(['waiting', 'following', 'failed', 'following']);
    expect(tail.gaps).toEqual([]);
  });

  it('and the last entry was vacuumed meanwhile, a gap is declared', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, ['entry(1);', 'entry(7); stay();']);
    await using tail = await followJournal(journalctl.path);
    await tail.untilLine('entry 7');
    expect(tail.gaps).toEqual([
      {
        host: 'web-1',
        channel: 'logs',
        reason: 'source-reset',
        from: 1767323046678,
        to: 1767323052678,
        count: null,
      },
    ]);
  });

  it('and the last entry moved to another file meanwhile, it is known by the rest of its cursor', async () => {
    using folder = makeTempFolder();
    const moved = "entry(1, { __CURSOR: 's=0d1e;i=40;b=9a;m=1;t=1;x=3' });";
    const journalctl = writeJournalctl(folder, ['entry(1);', `${moved} entry(2); stay();`]);
    await using tail = await followJournal(journalctl.path);
    await tail.untilLine('entry 2');
    expect(tail.texts()).toEqual(['entry 1', 'entry 2']);
    expect(tail.gaps).toEqual([]);
  });

  it('and the cursor is refused, it seeks by time and declares the gap', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, [
      'entry(1);',
      "process.stderr.write('Failed to seek to cursor: Invalid argument\\n'); process.exitCode = 1;",
      'entry(1); entry(9); stay();',
    ]);
    await using tail = await followJournal(journalctl.path);
    await tail.untilLine('entry 9');
    expect(tail.texts()).toEqual(['entry 1', 'entry 9']);
    expect(tail.gaps).toHaveLength(1);
    expect(journalctl.calls()[2]).toEqual(expect.arrayContaining(['--no-tail', '--since=@1767323046']));
  });
});

describe('a folder of journals that comes while journalctl runs', () => {
  it('is read by a new one, which goes on from the last entry', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, ['entry(1); stay();', 'entry(1); entry(2); stay();']);
    await using tail = await followJournal(journalctl.path, [folder.file('journal')]);
    await tail.untilLine('entry 1');
    mkdirSync(folder.file('journal'));
    await tail.untilLine('entry 2');
    expect(tail.texts()).toEqual(['entry 1', 'entry 2']);
    expect(tail.states('journal')).toEqual(['waiting', 'following']);
    expect(tail.gaps).toEqual([]);
  });

  it('is read whole since following began, where there was none', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, ['stay();', 'entry(1); stay();']);
    const began = Math.floor(Date.now() / 1000);
    await using tail = await followJournal(journalctl.path, [folder.file('journal')]);
    await until('the first journalctl to begin', () => journalctl.calls().length === 1);
    mkdirSync(folder.file('journal'));
    await tail.untilLine('entry 1');
    const since = journalctl.calls()[1]!.find((word) => word.startsWith('--since=@'))!;
    expect(Number(since.slice('--since=@'.length))).toBeGreaterThanOrEqual(began);
    expect(journalctl.calls()[1]).toContain('--no-tail');
  });
});

describe('trouble', () => {
  it('a machine that keeps no journal is told so, and one whose journal is silent', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, ['stay();']);
    await using none = await followJournal(journalctl.path, [folder.file('missing')]);
    expect(none.sources.map(({ state, reason }) => [state, reason])).toEqual([
      ['waiting', 'This machine keeps no journal so far; following starts when it does.'],
    ]);
    await using silent = await followJournal(journalctl.path, [folder.path]);
    expect(silent.sources.at(-1)?.reason).toContain('no entry came so far');
  });

  it('without permission: what is missing and how to give it', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, [
      "process.stderr.write('No journal files were opened due to insufficient permissions.\\n'); process.exitCode = 1;",
    ]);
    await using tail = await followJournal(journalctl.path);
    expect((await tail.untilState('journal', 'denied')).reason).toContain('sudo usermod -aG systemd-journal');
  });

  it('where there is no journalctl there is no source', async () => {
    using folder = makeTempFolder();
    await using tail = await followJournal(folder.file('journalctl'));
    expect(tail.sources).toEqual([]);
  });

  it('a line that is no entry is counted as a gap', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, ["process.stdout.write('not json\\n'); entry(1); stay();"]);
    await using tail = await followJournal(journalctl.path);
    await tail.untilLine('entry 1');
    expect(tail.gaps).toMatchObject([{ reason: 'source-overflow', count: 1 }]);
  });

  it('a journalctl that will not end is killed', async () => {
    using folder = makeTempFolder();
    const journalctl = writeJournalctl(folder, [
      "process.on('SIGTERM', () => {}); entry(process.pid); stay();",
    ]);
    const tail = await followJournal(journalctl.path);
    await tail.until(() => tail.lines.length === 1);
    const pid = Number(tail.texts()[0]!.slice('entry '.length));
    await tail[Symbol.asyncDispose]();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
