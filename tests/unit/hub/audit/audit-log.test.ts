/** The audit log: what is refused over and over, files that are full, lines that are torn, a disk that fails. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AuditFile } from '../../../../hub/audit/audit-file.ts';
import { AuditLog } from '../../../../hub/audit/audit-log.ts';
import type { AuditDraft } from '../../../../hub/audit/audit.ts';
import type { StreamEvent } from '../../../../shared/events.ts';
import type { AuditEntry } from '../../../../shared/schema/audit.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

function entryOf(id: number): AuditEntry {
  const actor = { role: 'owner', name: null, address: null } as const;
  return { id, time: id, kind: 'login', actor, subject: null, details: {}, count: 1 };
}

function refusedBy(address: string, code = 'unauthorised'): AuditDraft {
  return { kind: 'refused', actor: { role: 'unknown', name: null, address }, details: { code } };
}

function logIn(dataDir: string) {
  const told: StreamEvent[] = [];
  const troubles: Error[] = [];
  const log = new AuditLog({
    dataDir,
    publish: (event) => told.push(event),
    report: (trouble) => troubles.push(trouble),
  });
  return { log, told, troubles };
}

test('refusals of one address are one entry that counts; ten thousand addresses do not fill the log', async () => {
  await using folder = await makeTempFolder();
  const { log, told } = logIn(folder.path);
  for (let tries = 0; tries < 500; tries++) log.record(refusedBy('192.0.2.1'));
  log.record(refusedBy('192.0.2.1', 'foreign-page'));
  for (let host = 0; host < 10_000; host++) log.record(refusedBy(`198.51.100.${host}`));
  expect(told.length).toBeLessThan(70);
  await log[Symbol.asyncDispose]();
  const { entries } = await logIn(folder.path).log.read(Infinity, 500);
  expect(entries.length).toBe(65);
  const [first, second] = entries.reverse();
  expect([first!.count, second!.count]).toEqual([500, 1]);
  expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(10_501);
});

test('a full file makes room for the next; four are kept, and are read across', async () => {
  await using folder = await makeTempFolder();
  const file = new AuditFile(folder.path, 1_000);
  for (let id = 1; id <= 60; id++) expect(await file.append(entryOf(id))).toBeNull();
  expect(readdirSync(folder.path).sort()).toEqual([
    'audit.1.ndjson',
    'audit.2.ndjson',
    'audit.3.ndjson',
    'audit.ndjson',
  ]);
  const ids = (await file.read(59, 12)).map(({ id }) => id);
  expect(ids).toEqual([58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47]);
  expect(new AuditFile(folder.path, 1_000).newestId()).toBe(60);
});

test('a torn last line costs that line alone, and what comes after it is whole', async () => {
  await using folder = await makeTempFolder();
  await new AuditFile(folder.path).append(entryOf(1));
  appendFileSync(path.join(folder.path, 'audit.ndjson'), '{"id":2,"time"');
  const file = new AuditFile(folder.path);
  expect(file.newestId()).toBe(1);
  await file.append(entryOf(2));
  expect((await file.read(Infinity, 10)).map(({ id }) => id)).toEqual([2, 1]);
});

test('what cannot be written is told on the stream all the same, and reported once', async () => {
  await using folder = await makeTempFolder();
  mkdirSync(path.join(folder.path, 'audit.ndjson'));
  const { log, told, troubles } = logIn(folder.path);
  for (const kind of ['login', 'hub-started'] as const)
    log.record({ kind, actor: { role: 'hub', name: null, address: null } });
  await until('the trouble to be reported', () => troubles.length > 0);
  await log[Symbol.asyncDispose]();
  expect([told.length, troubles.length]).toEqual([2, 1]);
  expect(troubles[0]!.message).toContain('The audit log cannot be written');
});

test('long texts that a peer chooses are cut', async () => {
  await using folder = await makeTempFolder();
  const { log } = logIn(folder.path);
  log.record({
    kind: 'refused',
    actor: { role: 'unknown', name: 'n'.repeat(5_000), address: '192.0.2.1' },
    subject: { id: 'x', name: 'y'.repeat(5_000) },
    details: { path: `/${'p'.repeat(5_000)}` },
  });
  await log[Symbol.asyncDispose]();
  const file = path.join(folder.path, 'audit.ndjson');
  expect(existsSync(file) && readFileSync(file, 'utf8').length).toBeLessThan(1_000);
});
