/** Finds a Node new enough for Watchline. Plain JavaScript: run by the Node that may be too old. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** node:sqlite, TypeScript without a build step and the tests' runner need it. */
export const NODE_MAJOR = 24;

export function isNewEnough(version) {
  return Number.parseInt(version, 10) >= NODE_MAJOR;
}

/**
 * Where the npm package of Node itself (an optional dependency, locked by hash) keeps the program: below Watchline's own
 * folder, or beside it where npm installed Watchline as a package of something else.
 */
export function packagedNodes(root, platform = process.platform, arch = process.arch) {
  const system = platform === 'win32' ? 'win' : platform;
  const program = platform === 'win32' ? 'node.exe' : 'node';
  return [join(root, 'node_modules'), dirname(root)].map((folder) =>
    join(folder, `node-${system}-${arch}`, 'bin', program),
  );
}

/** The path of a Node that starts here and is new enough, or null. */
export function findNode(root) {
  if (isNewEnough(process.versions.node)) return process.execPath;
  // Asked for its version, because a program made for another C library exists and yet does not start.
  return packagedNodes(root).find((path) => existsSync(path) && startsWell(path)) ?? null;
}

function startsWell(program) {
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return answer.status === 0 && isNewEnough(answer.stdout.trim().replace(/^v/, ''));
}

export function missingNodeText() {
  return (
    `Watchline needs Node ${NODE_MAJOR} or newer; this is Node ${process.versions.node}, and there is no ready-made one ` +
    `for ${process.platform}-${process.arch} among its packages. Install one from https://nodejs.org and run the same command again.`
  );
}
