/** `watchline open` with what it cannot open: one sentence, what to do, and its exit code. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bundleText } from '../support/bundle-text.ts';
import { hostOf } from '../support/observations.ts';
import { runCommand } from '../support/run-command.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

async function run(...words: string[]) {
  await using command = runCommand(['open', ...words, '--no-open']);
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

test('a damaged file, a port that is none, and a Watchline without its page', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'incident.watchline');
  const whole = gzipSync(bundleText([{ kind: 'event', name: 'host', data: hostOf('web-1') }]));
  await writeFile(file, whole);
  const damaged = path.join(folder.path, 'damaged.watchline');
  await writeFile(damaged, whole.subarray(0, whole.length - 12));
  const [broken, portless, pageless] = await Promise.all([
    run(damaged),
    run(file, '--port', '70000'),
    run(file, '--page', folder.path),
  ]);
  expect(broken).toEqual({
    code: 14,
    stdout: '',
    stderr: 'This bundle is damaged or cut short, so nothing of it is shown.\nAsk for it to be sent again.\n',
  });
  expect(portless).toEqual({ code: 2, stdout: '', stderr: '"70000" is no port.\nGive 0 to 65535.\n' });
  expect(pageless).toMatchObject({ code: 9, stdout: '' });
});
