/** `watchline doctor`: every finding says what to do, and the exit code says whether Watchline can run. */
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder();
  await writeFile(join(folder.path, 'a.log'), '');
});
afterEach(() => folder[Symbol.asyncDispose]());

async function doctor(words: string[]): Promise<[number | string, string]> {
  await using run = runCommand(['doctor', '--logs', join(folder.path, '*.log'), ...words]);
  const code = await run.ended;
  expect(run.stderr).toBe('');
  return [code, run.stdout];
}

test('finds nothing wrong where nothing is', async () => {
  const [code, text] = await doctor(['--port', '0', '--data', join(folder.path, 'data')]);
  expect(code).toBe(0);
  expect(text).not.toMatch(/^fail/m);
  expect(text).toMatch(/^ok {4}Node \d+/m);
  expect(text).toMatch(/^ok {4}1 log files can be read$/m);
});

test('names a taken port and a data folder that cannot be one', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const [code, text] = await doctor(['--port', String(port), '--data', join(folder.path, 'a.log')]);
  other.close();
  expect(code).toBe(8);
  expect(text).toMatch(
    new RegExp(`^fail {2}127\\.0\\.0\\.1:${port} is taken by another program\n {6}\\S.*--port`, 'm'),
  );
  expect(text).toMatch(/^fail {2}The data folder .*a\.log cannot be used.*\n {6}\S.*--data/m);
});

test('knows the hub that runs', async () => {
  await using hub = await startTestHub();
  const [code, text] = await doctor(['--data', hub.dataDir]);
  expect(code).toBe(0);
  expect(text).toContain(`a hub runs at ${hub.origin} (process ${process.pid})`);
});
