/** `npm test`: every test, in one run with one summary. */
import { obtainChromium } from './obtain-chromium.ts';
import { inProject } from './project.ts';
import { runNode } from './run-child.ts';

export async function runTests(parameters: string[]): Promise<number> {
  const chromium = await obtainChromium();
  if (chromium === null)
    process.stderr.write('No Chromium could be had: the browser tests will be skipped.\n');
  return runVitest(parameters, chromium);
}

/** Only the tests of the desktop app, for who has Electron's runtime. */
export function runDesktopTests(parameters: string[]): Promise<number> {
  return runTests(['--project', 'desktop', ...parameters]);
}

function runVitest(parameters: string[], chromium: string | null): Promise<number> {
  const reporters = ['--reporter=default', `--reporter=${inProject('tests/support/summary-reporter.ts')}`];
  return runNode([inProject('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...parameters], {
    env: { ...process.env, ...(chromium !== null && { WATCHLINE_CHROMIUM: chromium }) },
  });
}
