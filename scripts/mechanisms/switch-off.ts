/** Works on a copy of the project: runs a mechanism's test as it is, then with the mechanism switched off. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../launch/project.ts';
import type { Mechanism } from './mechanism.ts';

/** `not run`: the test is skipped here, because a program it needs is missing. */
export type Verdict = 'caught' | 'NOT CAUGHT' | 'not run';

export interface Judgement {
  verdict: Verdict;
  /** Why, where it is not caught. */
  reason: string;
}

export interface ProjectCopy extends AsyncDisposable {
  judge(mechanism: Mechanism): Promise<Judgement>;
}

interface TestCounts {
  passed: number;
  failed: number;
  /** Tests of this title that the machine has no program for. */
  skipped: number;
}

/** What is read of vitest's report. */
interface Report {
  testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[];
}

/** Not copied: what is installed and built is linked to, the rest is no source. */
const linked = ['node_modules', 'dist'];
/** What a browser runs is what was built: it is built anew in the copy, with the mechanism and without. */
const builtFrom = 'renderer/';

export async function copyProject(): Promise<ProjectCopy> {
  const root = await mkdtemp(path.join(tmpdir(), 'watchline-mechanisms-'));
  for (const name of await readdir(inProject('.'))) {
    if (name.startsWith('.') || linked.includes(name)) continue;
    await cp(inProject(name), path.join(root, name), { recursive: true });
  }
  for (const name of linked) await linkTo(root, name);
  return {
    judge: (mechanism) => judge(root, mechanism),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function judge(root: string, mechanism: Mechanism): Promise<Judgement> {
  const file = path.join(root, mechanism.file);
  const source = await readFile(file, 'utf8');
  if (source.split(mechanism.text).length !== 2)
    return { verdict: 'NOT CAUGHT', reason: `its text does not stand exactly once in ${mechanism.file}` };
  const isBuilt = mechanism.kind === 'e2e' && mechanism.file.startsWith(builtFrom);
  if (isBuilt) await build(root);
  const on = await runTest(root, mechanism);
  if (on.failed + on.passed === 0) {
    return on.skipped > 0
      ? { verdict: 'not run', reason: 'its test is skipped here' }
      : { verdict: 'NOT CAUGHT', reason: 'no test of this title could be run' };
  }
  if (on.failed > 0) return { verdict: 'NOT CAUGHT', reason: 'its test fails with the mechanism on' };
  await writeFile(
    file,
    source.replace(mechanism.text, () => mechanism.off),
  );
  if (isBuilt) await build(root);
  const off = await runTest(root, mechanism);
  await writeFile(file, source);
  if (isBuilt) await linkTo(root, 'dist');
  if (off.failed > 0) return { verdict: 'caught', reason: '' };
  return {
    verdict: 'NOT CAUGHT',
    reason: off.passed > 0 ? 'its test passes without it' : 'nothing could be run without it',
  };
}

/** In place of what stands there. Of what the project does not have there is none. */
async function linkTo(root: string, name: string): Promise<void> {
  // Of a link this removes the link alone.
  await rm(path.join(root, name), { recursive: true, force: true });
  if (existsSync(inProject(name))) await symlink(inProject(name), path.join(root, name));
}

/** Rejects where it cannot be built. */
async function build(root: string): Promise<void> {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const child = spawn(process.execPath, [path.join(root, 'scripts/build.ts')], {
    cwd: root,
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The copy in ${root} cannot be built.`);
}

async function runTest(root: string, { kind, test, title }: Mechanism): Promise<TestCounts> {
  const results = path.join(root, 'test-results.json');
  await rm(results, { force: true });
  const words = ['run', '--project', kind, `tests/${kind}/${test}.test.ts`, '-t', literally(title)];
  const child = spawn(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      ...words,
      '--reporter=json',
      `--outputFile=${results}`,
    ],
    { cwd: root, stdio: 'ignore', env: { ...process.env, VITEST: undefined, VITEST_MODE: undefined } },
  );
  await once(child, 'close');
  if (!existsSync(results)) return { passed: 0, failed: 0, skipped: 0 };
  const { testResults } = JSON.parse(await readFile(results, 'utf8')) as Report;
  const statuses = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    // Also those of another title are in the report, as skipped.
    .filter((one) => [...one.ancestorTitles, one.title].join(' > ').includes(title))
    .map(({ status }) => status);
  const count = (...wanted: string[]) => statuses.filter((status) => wanted.includes(status)).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped', 'pending') };
}

/** vitest takes a title for a regular expression. */
function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
