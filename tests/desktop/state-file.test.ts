/** The state file is written whole or not at all, and a disk that refuses never stops the program. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { firstState } from '../../electron/state/desktop-state.ts';
import { openStateFile } from '../../electron/state/state-file.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'watchline-state-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

it('is there at the next start', () => {
  {
    using state = openStateFile(folder);
    state.change({ theme: 'dark' });
    state.change({ isTrayExplained: true });
  }
  expect(openStateFile(folder).current).toEqual({ ...firstState, theme: 'dark', isTrayExplained: true });
});

it('writes by itself soon after a change', async () => {
  using state = openStateFile(folder);
  state.change({ theme: 'light' });
  const text = await vi.waitUntil(
    () => readFile(path.join(folder, 'window.json'), 'utf8').catch(() => null),
    {
      timeout: 10_000,
    },
  );
  expect(JSON.parse(text)).toMatchObject({ theme: 'light' });
});

it('leaves no draft behind', async () => {
  {
    using state = openStateFile(folder);
    state.change({ theme: 'dark' });
  }
  expect(await readdir(folder)).toEqual(['window.json']);
});

it('a damaged or oversized file counts as a first start', async () => {
  await writeFile(path.join(folder, 'window.json'), '{"theme":');
  expect(openStateFile(folder).current).toEqual(firstState);
  await writeFile(
    path.join(folder, 'window.json'),
    JSON.stringify({ ...firstState, theme: 'dark' }) + ' '.repeat(300_000),
  );
  expect(openStateFile(folder).current).toEqual(firstState);
});

it('goes on when the disk refuses', async () => {
  await mkdir(path.join(folder, `window.json.${process.pid}.new`));
  const state = openStateFile(folder);
  state.change({ theme: 'dark' });
  expect(() => state[Symbol.dispose]()).not.toThrow();
  expect(state.current.theme).toBe('dark');
});
