/** A file of what happened: what goes on is never let go of, nobody fills it alone, and a disk that fails costs no time. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TimelineFile } from '../../../hub/timeline-file.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

interface Entry {
  id: string;
  owner: string;
  from: number;
  to: number | null;
  text: string;
}

const MAX_BYTES = 64 * 1024;

interface Bench {
  file: TimelineFile<Entry>;
  path: string;
}

async function fileOf(entries: readonly Entry[] = []): Promise<Bench> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const file = path.join(folder.path, 'entries.ndjson');
  await writeFile(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const timeline = new TimelineFile<Entry>({
    path: file,
    maxBytes: MAX_BYTES,
    schema: {
      parse: (value) => {
        const entry = value as Entry;
        if (typeof entry.text !== 'string') throw new TypeError('no text');
        return entry;
      },
    },
    spanOf: ({ from, to }) => ({ from, to: to ?? Infinity }),
    ownerOf: ({ owner }) => owner,
    isKept: () => true,
  });
  return { file: timeline, path: file };
}

function entryOf(index: number, changes: Partial<Entry> = {}): Entry {
  return { id: `id${index}`, owner: 'web-1', from: index, to: index, text: 'x'.repeat(100), ...changes };
}

const entries = (count: number, changes: Partial<Entry> = {}, from = 0): Entry[] =>
  Array.from({ length: count }, (_, index) => entryOf(from + index, changes));

test('what goes on stands after it was written anew, however much ended since', async () => {
  const going = entries(250, { to: null });
  const { file, path: place } = await fileOf([...going, ...entries(150, {}, 1_000)]);
  file.read();
  const added = entries(150, {}, 2_000);
  for (const entry of added) expect(await file.append(entry, () => [])).toBeNull();
  expect((await stat(place)).size).toBeLessThanOrEqual(MAX_BYTES);
  const kept = file.read().map(({ id }) => id);
  expect(kept).toEqual(expect.arrayContaining(going.map(({ id }) => id)));
  expect(kept.at(-1)).toBe(added.at(-1)!.id);
  expect(kept).not.toContain('id1000');
});

test('one of several owners gets a quarter of what is kept when it is written anew; alone, all of it', async () => {
  const old = entries(20, { owner: 'db-1' });
  const loud = entries(380, { owner: 'web-1' }, 1_000);
  const { file } = await fileOf([...old, ...loud]);
  file.read();
  for (const entry of entries(40, { owner: 'web-1' }, 2_000)) await file.append(entry, () => []);
  expect(file.read().filter(({ owner }) => owner === 'db-1')).toHaveLength(20);

  const alone = await fileOf(loud);
  alone.file.read();
  for (const entry of entries(60, { owner: 'web-1' }, 2_000)) await alone.file.append(entry, () => []);
  expect(alone.file.read().length).toBeGreaterThan(200);
});

test('a disk that cannot be written is not tried with every entry, and has them all once it can', async () => {
  const { file, path: place } = await fileOf(entries(50));
  file.read();
  // Neither can be appended to nor replaced.
  await rm(place);
  await mkdir(place);
  const added = entries(150, {}, 1_000);
  let tries = 0;
  const held = () => {
    tries++;
    return added;
  };
  const answers = await Promise.all(added.map((entry) => file.append(entry, held)));
  expect(answers.every((error) => error !== null)).toBe(true);
  // Each try writes all there is: 150 of them held a hub up for half a minute.
  expect(tries).toBeLessThan(4);
  await rm(place, { recursive: true });
  const last = entryOf(5_000);
  await expect.poll(() => file.append(last, () => added)).toBeNull();
  expect(file.read().map(({ id }) => id)).toEqual([...added, last].map(({ id }) => id));
});

test('a newest line that cannot be read leaves the one before', async () => {
  const good = entryOf(1);
  const { file, path: place } = await fileOf([good]);
  await writeFile(place, `${JSON.stringify(good)}\n${JSON.stringify({ ...good, text: 7 })}\n`);
  expect(file.read()).toEqual([good]);
});
