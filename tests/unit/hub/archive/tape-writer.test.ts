/** Writing tapes: nothing that a line costs adds up while the disk is slower than lines come. */
import { createHook } from 'node:async_hooks';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TapeWriter, type TapeWriterOptions } from '../../../../hub/archive/tape/tape-writer.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

test('one write waits for the one before it, however many lines come meanwhile', async () => {
  await using folder = await makeTempFolder();
  await using writer = openWriter(folder.path);
  const event = Buffer.alloc(1_024, 'x');
  const promises = promisesMadeBy(() => {
    for (let line = 0; line < 4_000; line++) writer.take(event);
  });
  await writer.flush();
  expect(promises).toBeLessThan(20);
  expect(await written(folder.path)).toBe(4_000 * 1_024);
});

test('what comes while it writes is written without being asked for', async () => {
  await using folder = await makeTempFolder();
  await using writer = openWriter(folder.path);
  for (let write = 0; write < 3; write++) {
    writer.take(Buffer.alloc(256 * 1_024, 'x'));
    await turn();
  }
  await expect.poll(() => written(folder.path)).toBe(3 * 256 * 1_024);
});

test('a tape whose head cannot be written, as on a full disk, is closed and removed', async () => {
  await using folder = await makeTempFolder();
  const head = (): Buffer => {
    throw new Error('no space left on device');
  };
  await using writer = openWriter(folder.path, { head });
  for (let write = 0; write < 3; write++) {
    writer.take(Buffer.from('x'));
    await writer.flush();
  }
  expect(writer.lost).toBe(3);
  expect(writer.current).toBe(null);
  expect(await readdir(folder.path)).toEqual([]);
});

function openWriter(folder: string, options: Partial<TapeWriterOptions> = {}): TapeWriter {
  return new TapeWriter({ folder, tapeBytes: 16 * 1_024 * 1_024, onClosed: () => undefined, ...options });
}

/** Bytes of the one tape. */
async function written(folder: string): Promise<number> {
  const [name] = await readdir(folder);
  return name === undefined ? 0 : (await readFile(path.join(folder, name))).length;
}

function promisesMadeBy(work: () => void): number {
  let made = 0;
  const hook = createHook({ init: (_, type) => (made += type === 'PROMISE' ? 1 : 0) }).enable();
  work();
  hook.disable();
  return made;
}
