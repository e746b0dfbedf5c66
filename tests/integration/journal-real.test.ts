/** The journal of a real systemd-journald: entries of all kinds, restarts of either side, rotation, vacuum, and a burst. */
import { Buffer } from 'node:buffer';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LogPositions } from '../../collect/logs/log-positions.ts';
import { addressOf, countOf, textsOf as archivedTexts } from '../support/archived-texts.ts';
import { startJournald, whyNoJournald, type RunningJournald } from '../support/journald/start-journald.ts';
import {
  openStdout,
  writeNative,
  writeStdout,
  writeStdoutApart,
  writeSyslog,
} from '../support/journald/write-entries.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { runCommand } from '../support/run-command.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { follow, type Following } from '../unit/collect/logs/support/follow.ts';
import { kept } from '../unit/collect/logs/support/kept-positions.ts';

const BURST = 20_000;

const missing = whyNoJournald();

describe.skipIf(missing !== null)(
  `a real journald${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('entries of every kind are lines with time, level, source and unit', async () => {
      await using journald = await startJournald();
      await using tail = await followJournal(journald);
      const from = Date.now();
      await writeNative(journald, [
        { MESSAGE: 'native', PRIORITY: '2', SYSLOG_IDENTIFIER: 'backup', ORDER: '7' },
        { MESSAGE: 'two\nlines', PRIORITY: '4', SYSLOG_IDENTIFIER: 'backup' },
        { MESSAGE: Buffer.from([0x68, 0x69, 0xff, 0x00, 0x1b]), PRIORITY: '5', SYSLOG_IDENTIFIER: 'backup' },
        { MESSAGE: 'x'.repeat(70_000), PRIORITY: '7', SYSLOG_IDENTIFIER: 'backup' },
        { MESSAGE: 'order=seven took=3ms', SYSLOG_IDENTIFIER: 'backup' },
      ]);
      await writeSyslog(journald, ['<11>sshd[42]: by syslog']);
      await writeStdout(journald, 'shop.service', ['<4>named', 'ERROR of its text', 'all is well']);
      const lines = await linesOf(tail, 9);
      const said = (source: string) =>
        lines
          .filter((line) => line.source === source)
          .map(({ level, text, fields }) => [level, text, fields]);
      expect(said('backup')).toEqual([
        ['fatal', 'native', undefined],
        ['warn', 'two\nlines', undefined],
        ['info', 'hi\ufffd\0\u001b', undefined],
        ['debug', 'x'.repeat(65_536), undefined],
        [null, 'order=seven took=3ms', { order: 'seven', took: '3ms' }],
      ]);
      expect(said('sshd')).toEqual([['error', 'by syslog', undefined]]);
      expect(said('shop')).toEqual([
        ['warn', 'named', { unit: 'shop.service' }],
        ['error', 'ERROR of its text', { unit: 'shop.service' }],
        ['info', 'all is well', { unit: 'shop.service' }],
      ]);
      expect(lines.filter(({ truncated }) => truncated).map(({ level }) => level)).toEqual(['debug']);
      expect(lines.every(({ time }) => time >= from && time <= Date.now())).toBe(true);
      expect(tail.states('journal').at(-1)).toBe('following');
    });

    it('of chosen units nothing else comes, and none is missed when others are chosen', async () => {
      await using journald = await startJournald();
      const say = async (text: string) => {
        for (const unit of ['shop', 'mail', 'counter'])
          await writeStdoutApart(journald, `${unit}.service`, [`${text} of ${unit}`]);
      };
      let positions: LogPositions;
      {
        await using tail = await followJournal(journald, null, ['shop', 'mail.service']);
        await say('first');
        await tail.untilLine('first of mail');
        expect(tail.texts()).toEqual(['first of shop', 'first of mail']);
        positions = kept(tail);
      }
      await say('second');
      await using tail = await followJournal(journald, positions, ['counter']);
      await tail.untilLine('second of counter');
      expect(tail.texts()).not.toContain('second of mail');
      expect(tail.gaps).toEqual([]);
    });

    it('a stack trace that a unit prints is one line', async () => {
      await using journald = await startJournald();
      await using tail = await followJournal(journald);
      const trace = [
        'Traceback (most recent call last):',
        '  File "a.py", line 1, in <module>',
        'ValueError: no',
      ];
      await writeStdout(journald, 'shop.service', ['begin', ...trace, 'end']);
      await tail.untilLine('end');
      expect(textsOf(tail, 'shop')).toEqual(['begin', trace.join('\n'), 'end']);
    });

    it('a restart goes on behind the last entry', async () => {
      await using journald = await startJournald();
      const positions = await readAndEnd(journald, 'one');
      await writeWords(journald, ['two', 'three']);
      await using tail = await followJournal(journald, positions);
      await writeWords(journald, ['four']);
      await tail.untilLine('four');
      expect(textsOf(tail)).toEqual(['two', 'three', 'four']);
      expect(tail.gaps).toEqual([]);
    });

    it('a restart after the last entry was vacuumed declares the gap', async () => {
      await using journald = await startJournald();
      const positions = await readAndEnd(journald, 'one');
      await writeWords(journald, ['two']);
      await journald.journalctl('--rotate', '--vacuum-files=1');
      await writeWords(journald, ['three']);
      await using tail = await followJournal(journald, positions);
      await tail.untilLine('three');
      expect(textsOf(tail)).toEqual(['three']);
      expect(tail.gaps).toMatchObject([
        { reason: 'source-reset', from: positions.journal!.time, count: null },
      ]);
    });

    it('a restart with a cursor that journald does not know goes on by time, with a gap', async () => {
      await using journald = await startJournald();
      const { journal, ...others } = await readAndEnd(journald, 'one');
      await writeWords(journald, ['two']);
      const positions = { ...others, journal: { ...journal!, cursor: 'of-another-kind' } };
      await using tail = await followJournal(journald, positions);
      await tail.untilLine('two');
      expect(textsOf(tail)).toEqual(['two']);
      expect(tail.gaps).toMatchObject([{ reason: 'source-reset', from: journal!.time, count: null }]);
    });

    it('a hub that is killed in mid-write reads on: no entry is kept twice, and none is lost', async () => {
      await using journald = await startJournald();
      await using folder = await makeTempFolder();
      const runHub = () =>
        runCommand(['hub', '--port', '0', '--data', folder.path, '--logs', `${folder.path}/none`], {
          through: journald.through,
        });
      const stdout = openStdout(journald, 'counter.service');
      let written = 0;
      const timer = setInterval(() => {
        for (let each = 0; each < 20; each++) stdout.write(`entry ${written++} .\n`);
      }, 10);
      try {
        await using hub = runHub();
        using reader = readStream({ ...(await addressOf(hub)), query: 'channels=logs' });
        // How far was read is kept every two seconds: that is between two of them.
        const last = `entry ${written + 1_000} .`;
        await reader.until('log', ({ text }) => text === last);
        hub.child.kill('SIGKILL');
        await hub.ended;
      } finally {
        clearInterval(timer);
        stdout.end();
      }
      await using hub = runHub();
      const asked = await addressOf(hub);
      await until('every entry', async () => (await countOf(asked, `"entry ${written - 1} ."`)) > 0);
      const texts = await archivedTexts(asked, 'source:counter');
      const numbers = texts.map((text) => Number(text.split(' ')[1])).sort((a, b) => a - b);
      // Of what was there before the first start only the newest entries are read.
      const [first] = numbers;
      expect(numbers).toEqual(Array.from({ length: written - first! }, (_, index) => first! + index));
    }, 60_000);

    it('a burst comes whole and in order, while files are rotated under it', async () => {
      await using journald = await startJournald();
      await using tail = await followJournal(journald);
      const words = Array.from({ length: BURST }, (_, number) => `number ${number}`);
      const written = writeNative(
        journald,
        words.map((MESSAGE) => ({ MESSAGE, SYSLOG_IDENTIFIER: 'counter' })),
      );
      await tail.until(() => tail.lines.length > BURST / 4);
      await journald.journalctl('--rotate');
      await written;
      await tail.untilLine(words.at(-1)!);
      expect(textsOf(tail)).toEqual(words);
      expect(tail.gaps).toEqual([]);
    });

    it('journald killed and started again: following goes on, and so does a restart after it', async () => {
      await using journald = await startJournald();
      let positions: LogPositions;
      {
        await using tail = await followJournal(journald);
        await writeWords(journald, ['one']);
        await journald.kill();
        await journald.start();
        await writeWords(journald, ['two']);
        await tail.untilLine('two');
        expect(textsOf(tail)).toEqual(['one', 'two']);
        positions = kept(tail);
        await journald.kill();
        await journald.start();
      }
      await writeWords(journald, ['three']);
      await using tail = await followJournal(journald, positions);
      await tail.untilLine('three');
      expect(textsOf(tail)).toEqual(['three']);
      expect(tail.gaps).toEqual([]);
    });

    it('a journal that begins only now is followed', async () => {
      await using journald = await startJournald({ isStarted: false });
      await using tail = await followJournal(journald);
      expect(tail.sources.at(-1)).toMatchObject({ state: 'waiting' });
      await journald.untilWaiting();
      await journald.start();
      await writeWords(journald, ['one', 'two']);
      await tail.untilLine('two');
      expect(textsOf(tail)).toEqual(['one', 'two']);
      expect(tail.gaps).toEqual([]);
    });

    it.each([
      ['that is made for it', () => undefined],
      ['that is there', (journald: RunningJournald) => mkdirSync(journald.inside('/var/log/journal'))],
    ])('a journal that moves to a folder on disk %s is followed', async (_, prepare) => {
      await using journald = await startJournald();
      prepare(journald);
      await using tail = await followJournal(journald);
      await writeWords(journald, ['one']);
      await tail.untilLine('one');
      await moveToDisk(journald);
      await writeWords(journald, ['two']);
      await tail.untilLine('two');
      expect(textsOf(tail)).toEqual(['one', 'two']);
      expect(tail.gaps).toEqual([]);
    });

    it('a restart after it moved to disk goes on behind the last entry', async () => {
      await using journald = await startJournald();
      const positions = await readAndEnd(journald, 'one');
      await moveToDisk(journald);
      await writeWords(journald, ['two']);
      await using tail = await followJournal(journald, positions);
      await tail.untilLine('two');
      expect(textsOf(tail)).toEqual(['two']);
      expect(tail.gaps).toEqual([]);
    });
  },
);

async function moveToDisk(journald: RunningJournald): Promise<void> {
  mkdirSync(journald.inside('/var/log/journal'), { recursive: true });
  await journald.journalctl('--flush');
}

function followJournal(
  journald: RunningJournald,
  positions: LogPositions | null = null,
  units: readonly string[] = [],
): Promise<Following> {
  return follow([], {
    journal: 'auto',
    units,
    journalctlPath: journald.journalctlPath,
    journalFolders: ['/var/log/journal', '/run/log/journal'].map(journald.inside),
    rescanMs: 20,
    positions,
  });
}

async function readAndEnd(journald: RunningJournald, last: string): Promise<LogPositions> {
  await using tail = await followJournal(journald);
  await writeWords(journald, [last]);
  await tail.untilLine(last);
  return kept(tail);
}

function writeWords(journald: RunningJournald, words: readonly string[]): Promise<void> {
  return writeStdout(journald, 'counter.service', words);
}

/** What journald says itself is left out. */
async function linesOf(tail: Following, count: number): Promise<LogLine[]> {
  const lines = () => tail.lines.filter(({ source }) => source !== 'systemd-journald');
  await tail.until(() => lines().length >= count);
  return lines();
}

function textsOf(tail: Following, from = 'counter'): string[] {
  return tail.lines.filter(({ source }) => source === from).map(({ text }) => text);
}
