/** Notes on the stream: who gets them, live, by replay and in the snapshot, and what happens when one is withdrawn. */
import { expect, test } from 'vitest';
import { MAX_NOTES } from '../../shared/schema/notes.ts';
import { accepted, postNote, postText, withdrawNote } from '../support/post-note.ts';
import { observedHost } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';

function startHub(): Promise<TestHub> {
  const observers = ['web-1', 'db-1'].map((id) => new ScriptedObserver(observedHost(id)));
  return startTestHub({ observers, maxNotesPerMinute: 10_000 });
}

const said = (reader: StreamReader) => reader.dataOf('note').map((note) => note.title ?? note.text);

test('a marker reaches whoever reads, whoever was away, and whoever comes later, once each', async () => {
  await using hub = await startHub();
  using live = readStream(hub);
  const { id: cursor } = await live.until('ready');
  await accepted(postText(hub, 'Deployed 1.2'));
  const { data: note } = await live.until('note');
  using back = readStream({ ...hub, lastEventId: cursor });
  using late = readStream(hub);
  await Promise.all([back.until('ready'), late.until('ready')]);
  for (const reader of [live, back, late]) expect(reader.dataOf('note')).toEqual([note]);
  expect(late.events.findIndex(({ name }) => name === 'note')).toBeLessThan(
    late.events.findIndex(({ name }) => name === 'ready'),
  );
});

test('a view gets what is about all, and what is about nothing but its hosts', async () => {
  await using hub = await startHub();
  const queries = ['hosts=web-1', 'hosts=db-1,web-1', 'channels=metrics,logs'];
  const before = queries.map((query) => readStream({ ...hub, query }));
  await Promise.all(before.map((reader) => reader.until('ready')));
  await postNote(hub, 'web', ['web-1']);
  await postNote(hub, 'db', ['db-1']);
  await postNote(hub, 'both', ['web-1', 'db-1']);
  await postNote(hub, 'all');
  const after = queries.map((query) => readStream({ ...hub, query }));
  await Promise.all(after.map((reader) => reader.until('ready')));
  await before[0]!.until('note', ({ text }) => text === 'all');
  await before[1]!.until('note', ({ text }) => text === 'all');
  const expected = [['web', 'all'], ['web', 'db', 'both', 'all'], []];
  expect(after.map(said)).toEqual(expected);
  expect(before.map(said)).toEqual(expected);
  for (const reader of [...before, ...after]) reader[Symbol.dispose]();
});

test('a withdrawn note is told as such to readers, without its words, and nobody gets it later', async () => {
  await using hub = await startHub();
  using live = readStream(hub);
  await live.until('ready');
  const { id } = await postNote(hub, 'the password is ...');
  expect(await withdrawNote(hub, id)).toBe(204);
  const { data } = await live.until('note', ({ isWithdrawn }) => isWithdrawn === true);
  expect(data).toMatchObject({ id, text: null, title: null });
  using late = readStream(hub);
  await late.until('ready');
  expect(said(late)).toEqual([]);
  expect(await withdrawNote(hub, id)).toBe(404);
});

test('a snapshot holds the newest notes and no more than a hub keeps', async () => {
  await using hub = await startHub();
  for (let index = 0; index < MAX_NOTES + 3; index++) await accepted(postText(hub, `marker ${index}`));
  using reader = readStream(hub);
  await reader.until('ready');
  expect(said(reader)).toHaveLength(MAX_NOTES);
  expect(said(reader)[0]).toBe('marker 3');
});
