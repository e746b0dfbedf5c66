/** Notes of any time: read back by the stretch they are of, narrowed for whom they are told, and taken back. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MAX_NOTES, pastNotes, type PastNotes } from '../../shared/schema/notes.ts';
import type { ShareRequest } from '../../shared/schema/shares.ts';
import { problem } from '../../shared/snapshot.ts';
import { bearer } from '../support/callers.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { accepted, postJson, withdrawNote } from '../support/post-note.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const DAY_MS = 86_400_000;
const lastWeek = Date.now() - 7 * DAY_MS;

function ask(
  hub: TestHub,
  query: Record<string, string | number>,
  headers = bearer(hub.ownerToken),
): Promise<Response> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return fetch(`${hub.origin}/api/v1/notes?${parameters.toString()}`, { headers });
}

async function notesOf(hub: TestHub, query: Record<string, string | number>): Promise<PastNotes> {
  return pastNotes.parse(await (await ask(hub, query)).json());
}

function saidIn({ notes }: PastNotes): (string | null)[] {
  return notes.map(({ title, text }) => title ?? text);
}

test('a note about last week is kept and read back, in the order of time, also after a restart', async () => {
  await using folder = await makeTempFolder();
  const week = { from: lastWeek - DAY_MS, to: lastWeek + DAY_MS };
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    using reader = readStream(hub);
    await reader.until('ready');
    for (const [text, time] of [
      ['later', lastWeek + 1_000],
      ['earlier', lastWeek],
      ['today', Date.now()],
    ] as const)
      await accepted(postJson(hub, '/api/v1/notes', { text, time }));
    // Who looks at that week right now has it at once.
    await reader.until('note', ({ text }) => text === 'today');
    expect(reader.dataOf('note')).toHaveLength(3);
    expect(saidIn(await notesOf(hub, week))).toEqual(['earlier', 'later']);
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(saidIn(await notesOf(hub, week))).toEqual(['earlier', 'later']);
  expect(saidIn(await notesOf(hub, {}))).toEqual(['today']);
  // A snapshot is of the last day.
  using reader = readStream(hub);
  await reader.until('ready');
  expect(reader.dataOf('note').map(({ text }) => text)).toEqual(['today']);
});

test('an old note can be taken back: it is gone for readers, and after a restart', async () => {
  await using folder = await makeTempFolder();
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    await accepted(postJson(hub, '/api/v1/notes', { text: 'wrong', time: lastWeek }));
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  const [note] = (await notesOf(hub, { from: lastWeek, to: lastWeek })).notes;
  using reader = readStream(hub);
  await reader.until('ready');
  await withdrawNote(hub, note!.id);
  await reader.until('note');
  expect(reader.dataOf('note')).toEqual([expect.objectContaining({ id: note!.id, isWithdrawn: true })]);
  expect((await notesOf(hub, { from: lastWeek, to: lastWeek })).notes).toEqual([]);
});

test('the newest 500 of a stretch are told, and that there are others', async () => {
  await using folder = await makeTempFolder();
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    await accepted(postJson(hub, '/api/v1/notes', { text: '0', time: lastWeek }));
    const [first] = (await notesOf(hub, { from: lastWeek, to: lastWeek })).notes;
    const lines = Array.from({ length: MAX_NOTES + 9 }, (_, index) =>
      JSON.stringify({
        ...first,
        id: `made${index + 10_000}`,
        time: lastWeek + index + 1,
        text: String(index + 1),
      }),
    );
    await appendFile(path.join(folder.path, 'notes.ndjson'), `${lines.join('\n')}\n`);
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  const told = await notesOf(hub, { from: lastWeek, to: lastWeek + DAY_MS });
  expect(told.isCut).toBe(true);
  expect(told.notes).toHaveLength(MAX_NOTES);
  expect([saidIn(told)[0], saidIn(told).at(-1)]).toEqual(['10', String(MAX_NOTES + 9)]);
});

test('who sees one host is told of that host and of all, by the names he knows, and of nothing else', async () => {
  await using hub = await startTestHub({
    observers: [new ScriptedObserver(observedHost('web-1')), new ScriptedObserver(observedHost('db-1'))],
  });
  for (const [text, hosts] of [
    ['of all', null],
    ['of web', ['web-1']],
    ['of db', ['db-1']],
    ['of both', ['web-1', 'db-1']],
  ] as const)
    await accepted(postJson(hub, '/api/v1/notes', { text, hosts }));
  expect(saidIn(await notesOf(hub, { hosts: 'db-1' }))).toEqual(['of all', 'of db', 'of both']);
  const viewer = await enterShare(
    hub,
    (await makeShare(hub, { scope: { hosts: ['web-1'], since: 0 } })).link,
  );
  const told = pastNotes.parse(await (await ask(hub, {}, viewer.headers)).json());
  expect(saidIn(told)).toEqual(['of all', 'of web']);
});

test.each([
  ['a time that is none', { from: 'yesterday' }],
  ['an end before its beginning', { from: 2, to: 1 }],
  ['an unknown parameter', { since: 1 }],
])('%s is refused', async (_, query) => {
  await using hub = await startTestHub();
  const response = await ask(hub, query);
  expect([response.status, problem.parse(await response.json()).error.code]).toEqual([400, 'bad-parameter']);
});

test('a package upgrade in a log is a marker; who may not see logs is not told of it', async () => {
  await using folder = await makeTempFolder();
  const observer = new ScriptedObserver(observedHost('web-1'));
  {
    // A run that is under way when the hub ends is told all the same.
    await using _ = await startTestHub({ dataDir: folder.path, observers: [observer] });
    observer.observe({
      name: 'log',
      data: logLineOf('web-1', 0, {
        source: 'dpkg.log',
        time: Date.now() - 60_000,
        text: '2026-11-21 10:00:01 upgrade nginx:amd64 1.22.1-9 1.22.1-10',
      }),
    });
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  const title = 'nginx upgraded from 1.22.1-9 to 1.22.1-10';
  expect((await notesOf(hub, {})).notes).toEqual([
    expect.objectContaining({ title, author: 'hub', hosts: ['web-1'], channel: 'logs' }),
  ]);
  const asked = async (scope: ShareRequest['scope']) => {
    const viewer = await enterShare(hub, (await makeShare(hub, { scope: { since: 0, ...scope } })).link);
    return saidIn(pastNotes.parse(await (await ask(hub, {}, viewer.headers)).json()));
  };
  expect(await asked({})).toEqual([title]);
  expect(await asked({ channels: ['metrics'] })).toEqual([]);
  expect(await asked({ logFilter: 'source:nginx' })).toEqual([]);
});
