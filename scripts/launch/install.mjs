/** Installs the dependencies when they are not those of the lockfile. Plain JavaScript: runs before anything is there. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Does nothing, in a few milliseconds, when node_modules was made from this very lockfile. */
export async function ensureInstalled(root) {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stampFile = join(root, 'node_modules', '.watchline-install');
  const stamp = createHash('sha256').update(`${process.platform} ${process.arch} ${lockText}`).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  if (!matchesLock(root, JSON.parse(lockText))) {
    const began = Date.now();
    process.stderr.write('Installing what Watchline needs (npm ci, about 20 seconds the first time) ...\n');
    await runNpmCi(root);
    process.stderr.write(`Installed in ${((Date.now() - began) / 1000).toFixed(0)} s.\n`);
  }
  writeFileSync(stampFile, stamp);
}

/** True when npm's own record of node_modules names every package of the lockfile: somebody ran `npm ci` by hand. */
function matchesLock(root, lock) {
  const recordFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return true;
    return installed[path]?.version === entry.version;
  });
}

/**
 * No install scripts: no package here needs one. Only errors are printed: npm's warnings speak of the user's other settings.
 * Its progress bar shows where there is a terminal.
 */
async function runNpmCi(root) {
  const parameters = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--include=dev',
    '--include=optional',
  ];
  const npm = process.env['npm_execpath'];
  const child = npm?.endsWith('.js')
    ? // Its words go to stderr: stdout belongs to the command that follows.
      spawn(process.execPath, [npm, ...parameters], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawn('npm', parameters, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  const code = await new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new Error(`Could not run npm: ${error.message}. Install npm 10 or newer.`)),
    );
    child.on('exit', (exitCode) => resolve(exitCode));
  });
  if (code !== 0) {
    throw new Error(
      `npm ci failed (exit code ${code}), for the reason above. Mend that and run the same command again.`,
    );
  }
}
