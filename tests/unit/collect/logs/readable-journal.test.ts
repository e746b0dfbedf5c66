/** Whether the journal counts as readable decides which log files are left out. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAllowList } from '../../../../collect/logs/file/allow-list.ts';
import {
  defaultLogFiles,
  isDefaultLogFiles,
  journalCopies,
} from '../../../../collect/logs/default-log-files.ts';
import { hasJournal, isJournalReadable } from '../../../../collect/logs/journal/readable-journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchline-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that is missing or empty holds no journal', () => {
  expect(isJournalReadable([join(folder, 'missing'), folder])).toBe(false);
});

test('a system journal of any machine id is one', () => {
  mkdirSync(join(folder, '0123456789abcdef0123456789abcdef'));
  expect(isJournalReadable([folder])).toBe(false);
  writeFileSync(join(folder, '0123456789abcdef0123456789abcdef', 'system.journal'), '');
  expect(isJournalReadable([join(folder, 'missing'), folder])).toBe(true);
});

test('a folder that is missing or empty is told from one that holds a journal nobody may read', () => {
  expect(hasJournal([join(folder, 'missing'), folder])).toBe(false);
  mkdirSync(join(folder, '0123456789abcdef0123456789abcdef'));
  expect(hasJournal([join(folder, 'missing'), folder])).toBe(true);
});

test("rsyslog's copies of the journal are left out of the default files, and nothing else", () => {
  const list = createAllowList(defaultLogFiles['linux']!, journalCopies);
  expect(
    ['/var/log/syslog', '/var/log/auth.log', '/var/log/kern.log'].filter((file) => list.allows(file)),
  ).toEqual([]);
  expect(list.allows('/var/log/nginx/access.log')).toBe(true);
});

test('a list that somebody wrote is not the default one', () => {
  expect(isDefaultLogFiles([...defaultLogFiles['linux']!])).toBe(true);
  expect(isDefaultLogFiles(['/var/log/syslog'])).toBe(false);
});
