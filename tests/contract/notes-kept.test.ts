/** Notes outlive their hub: after an orderly end, a torn write, a damaged or alien file, and a full disk. */
import { existsSync } from 'node:fs';
import { appendFile, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_NOTE_FILE_BYTES, noteFileIn } from '../../hub/notes/note-file.ts';
import type { Note } from '../../shared/schema/notes.ts';
import { accepted, postNote, postText, withdrawNote } from '../support/post-note.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

async function saidBy(hub: TestHub): Promise<(string | null)[]> {
  using reader = readStream(hub);
  await reader.until('ready');
  return reader.dataOf('note').map((note) => note.title ?? note.text);
}

test('they are there after a restart, and a withdrawn one is not', async () => {
  await using folder = await makeTempFolder();
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    await accepted(postText(hub, 'first'));
    const { id } = await postNote(hub, 'second');
    await postNote(hub, 'third');
    await withdrawNote(hub, id);
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(await saidBy(hub)).toEqual(['first', 'third']);
  expect((await stat(path.join(folder.path, 'notes.ndjson'))).mode & 0o777).toBe(0o600);
});

test('an answer means it is on the disk: nothing else has to happen before a crash', async () => {
  await using hub = await startTestHub();
  const { note } = await accepted(postText(hub, 'kept'));
  const lines = (await readFile(path.join(hub.dataDir, 'notes.ndjson'), 'utf8')).split('\n');
  expect(JSON.parse(lines[0]!)).toEqual(note);
});

test('a torn last line is cut and the rest stands; what is added after it is whole', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'notes.ndjson');
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    await accepted(postText(hub, 'whole'));
  }
  const line = await readFile(file, 'utf8');
  await appendFile(file, line.slice(0, line.length / 2));
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    expect(await saidBy(hub)).toEqual(['whole']);
    await accepted(postText(hub, 'after'));
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(await saidBy(hub)).toEqual(['whole', 'after']);
});

test.for<[string, string | Buffer]>([
  ['noise', Buffer.from([0, 255, 10, 13, 10, 128])],
  ['of another shape', '{"id":"x"}\nnull\n[]\n'],
  ['far too large', 'x'.repeat(3 * MAX_NOTE_FILE_BYTES)],
])('a file that is %s starts empty, and is mended by the next note', async ([, content]) => {
  await using folder = await makeTempFolder();
  await writeFile(path.join(folder.path, 'notes.ndjson'), content);
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    expect(await saidBy(hub)).toEqual([]);
    expect((await accepted(postText(hub, 'new'))).unkeptReason).toBeNull();
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(await saidBy(hub)).toEqual(['new']);
});

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  test('a note reaches its readers, the answer and the report say it is not kept, and the next one mends it', async () => {
    await using folder = await makeTempFolder();
    // Every write to /dev/full fails with ENOSPC, as on a full disk.
    await symlink('/dev/full', path.join(folder.path, 'notes.ndjson'));
    {
      await using hub = await startTestHub({ dataDir: folder.path });
      const { unkeptReason } = await accepted(postText(hub, 'while full'));
      expect(unkeptReason).toMatch(/^Notes cannot be saved: .*ENOSPC.* Make room on the disk/);
      expect(await saidBy(hub)).toEqual(['while full']);
      expect(hub.troubles.map(({ message }) => message)).toEqual([expect.stringContaining('ENOSPC')]);
      expect((await accepted(postText(hub, 'with room again'))).unkeptReason).toBeNull();
    }
    await using hub = await startTestHub({ dataDir: folder.path });
    expect(await saidBy(hub)).toEqual(['while full', 'with room again']);
  });

  test('what could not be kept is tried once more when the hub ends', async () => {
    await using folder = await makeTempFolder();
    await symlink('/dev/full', path.join(folder.path, 'notes.ndjson'));
    {
      await using hub = await startTestHub({ dataDir: folder.path });
      await accepted(postText(hub, 'while full'));
    }
    await using hub = await startTestHub({ dataDir: folder.path });
    expect(await saidBy(hub)).toEqual(['while full']);
  });
});

test('the file stays within its bound however much is written', async () => {
  await using folder = await makeTempFolder();
  const path_ = path.join(folder.path, 'notes.ndjson');
  const file = noteFileIn(folder.path);
  const begin = Date.now() - 86_400_000;
  const note = (index: number): Note => ({
    id: `note${String(index).padStart(6, '0')}`,
    kind: 'note',
    time: begin + index,
    since: 1,
    author: 'owner',
    hosts: null,
    title: null,
    text: 'x'.repeat(2_000),
    level: 'info',
    tags: [],
    link: null,
  });
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `${JSON.stringify(note(from + index))}\n`).join('');
  // As it stands after some two thousand notes: one more has no room.
  const full = Math.floor(MAX_NOTE_FILE_BYTES / Buffer.byteLength(lines(0, 1)));
  await writeFile(path_, lines(0, full));
  file.read();
  for (let index = full; index < full + 5; index++)
    expect(await file.append(note(index), () => [note(index)])).toBeNull();
  expect((await stat(path_)).size).toBeLessThanOrEqual(MAX_NOTE_FILE_BYTES / 2 + 5 * 2_500);
  const kept = noteFileIn(folder.path).read();
  expect(kept.at(-1)).toEqual(note(full + 4));
  // Without a hole: the oldest were let go.
  expect(kept).toEqual(kept.map((_, index) => note(full + 5 - kept.length + index)));
  expect(kept.length).toBeGreaterThan(500);
});
