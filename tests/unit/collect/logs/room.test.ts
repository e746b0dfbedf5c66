/** Who takes lines may have no room: then nothing is read on, and nothing is lost. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { follow } from './support/follow.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const LINE = 'a line that is as long as lines in logs usually are, give or take a few words';
/** More than is read at once. */
const LINES = 4_000;

const many = (from: number) => Array.from({ length: LINES }, (_, i) => `${from + i} ${LINE}\n`).join('');

/** Open at first. */
function createRoom() {
  let wait: PromiseWithResolvers<void> | null = null;
  let asked = 0;
  return {
    room: () => {
      asked++;
      return wait?.promise ?? null;
    },
    get asked() {
      return asked;
    },
    close() {
      wait = Promise.withResolvers();
    },
    open() {
      const { resolve } = wait!;
      wait = null;
      resolve();
    },
  };
}

it('files are read on when there is room again', async () => {
  using folder = makeTempFolder();
  const file = folder.file('a.log');
  writeFileSync(file, 'first\n');
  const gate = createRoom();
  await using tail = await follow([file], { room: gate.room });
  gate.close();
  const askedBefore = gate.asked;
  appendFileSync(file, many(0));
  await expect.poll(() => gate.asked).toBeGreaterThan(askedBefore);
  expect(tail.texts()).toEqual(['first']);
  gate.open();
  await tail.untilLine(`${LINES - 1} ${LINE}`);
  expect(tail.lines).toHaveLength(LINES + 1);
});

it('standard input waits, and so does who writes it', async () => {
  using folder = makeTempFolder();
  const gate = createRoom();
  const input = new PassThrough();
  await using tail = await follow([folder.file('*.log')], {
    room: gate.room,
    stdin: { name: 'job', input },
  });
  gate.close();
  input.write('first\n');
  await tail.untilLine('first');
  input.write('second\n');
  expect(input.isPaused()).toBe(true);
  expect(tail.texts()).toEqual(['first']);
  gate.open();
  await tail.untilLine('second');
});
