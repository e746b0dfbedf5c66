/** A hub that is killed, again and again, while its machine's logs grow: the archive has each line once. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addressOf, countOf, textsOf } from '../support/archived-texts.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const LIVES = 2;

test('killed in mid-write, it reads on: no line is kept twice, and none is lost', async () => {
  await using folder = await makeTempFolder();
  const file = createWriteStream(join(folder.path, 'app.log'));
  let written = 0;
  const timer = setInterval(() => {
    for (let each = 0; each < 20; each++) file.write(`line ${written++} .\n`);
  }, 10);
  try {
    for (let life = 0; life < LIVES; life++) {
      await using hub = runHub(folder.path);
      const { port, ownerToken } = await addressOf(hub);
      using reader = readStream({ port, ownerToken, query: 'channels=logs' });
      // How far was read is kept every two seconds: that is between two of them.
      const last = `line ${written + 1_000 + 1_000 * life} .`;
      await reader.until('log', ({ text }) => text === last);
      hub.child.kill('SIGKILL');
      await hub.ended;
    }
  } finally {
    clearInterval(timer);
    file.end();
  }
  await using hub = runHub(folder.path);
  const asked = await addressOf(hub);
  await until('every line', async () => (await countOf(asked, `"line ${written - 1} ."`)) > 0);
  const numbers = (await textsOf(asked)).map((text) => Number(text.split(' ')[1])).sort((a, b) => a - b);
  // What the file held before the first start is not read from its beginning.
  const [first] = numbers;
  expect(numbers).toEqual(Array.from({ length: written - first! }, (_, index) => first! + index));
}, 60_000);

function runHub(folder: string): RunningCommand {
  const words = ['--port', '0', '--data', join(folder, 'data'), '--no-journal', '--logs', `${folder}/*.log`];
  return runCommand(['hub', ...words]);
}
