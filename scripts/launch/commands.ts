/** What each npm script does, once Node 24 runs and the dependencies are there. */
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './build-when-stale.ts';
import { inProject } from './project.ts';
import { runNode } from './run-child.ts';
import { start } from './start.ts';
import { runDesktopTests, runTests } from './test.ts';

type Command = (parameters: string[]) => Promise<number>;

const commands: Record<string, Command> = {
  start: async (parameters) => (await buildWhenStale()) || start(parameters),
  test: async (parameters) => (await buildWhenStale()) || runTests(parameters),
  'test-desktop': async (parameters) => (await buildWhenStale()) || runDesktopTests(parameters),
  build: () => runNode([inProject('scripts/build.ts')]),
  lint: async (parameters) =>
    (await runTool('eslint/bin/eslint.js', ['.', ...parameters])) ||
    runTool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  types: (parameters) => runTool('vue-tsc/bin/vue-tsc.js', ['-b', ...parameters]),
  format: () => runTool('prettier/bin/prettier.cjs', ['--write', '--log-level=warn', '.']),
  bench: async (parameters) =>
    (await buildWhenStale()) || runNode([inProject('bench/run.ts'), ...parameters]),
  'mechanisms-off': async (parameters) =>
    (await buildWhenStale()) || runNode([inProject('scripts/mechanisms-off.ts'), ...parameters]),
  audit: () => runNode([inProject('scripts/audit.ts')]),
  soak: (parameters) => runNode([inProject('bench/soak.ts'), ...parameters]),
  screenshots: async (parameters) =>
    (await buildWhenStale()) || runNode([inProject('scripts/screenshots.ts'), ...parameters]),
};

/** Resolves with the exit code. */
export async function runCommand([name = '', ...parameters]: string[]): Promise<number> {
  const command = commands[name];
  if (command !== undefined) return command(parameters);
  process.stderr.write(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.\n`);
  return 2;
}

function runTool(path: string, parameters: string[]): Promise<number> {
  return runNode([inProject('node_modules', path), ...parameters]);
}

const isEntry = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isEntry) process.exitCode = await runCommand(process.argv.slice(2));
