/** Builds only when a source is not the one that was built last. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inProject, root } from './project.ts';
import { runNode } from './run-child.ts';

const sources = [
  '{shared,link,collect,hub,agent,cli,electron,renderer}/**/*',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'scripts/build.ts',
];

/** Resolves with 0, or with the exit code of the build that failed. */
export async function buildWhenStale(): Promise<number> {
  const stampFile = inProject('dist', '.built-from');
  const stamp = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 0;
  process.stderr.write('Building ...\n');
  const code = await runNode([inProject('scripts', 'build.ts')]);
  if (code === 0) writeFileSync(stampFile, stamp);
  return code;
}

/** Of names, sizes and times, not of contents: a few milliseconds. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of globSync(sources, { cwd: root }).sort()) {
    const stats = statSync(inProject(file), { throwIfNoEntry: false });
    if (stats?.isFile()) hash.update(`${file} ${stats.size} ${stats.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
