#!/usr/bin/env node
/**
 * The door of every npm script: `node scripts/run.mjs COMMAND [arguments]`.
 *
 * Plain JavaScript without dependencies, because it runs first in a fresh clone, on any Node from 20.19 on. It installs
 * what the lockfile names, finds a Node 24, and hands over to scripts/launch/commands.ts, which needs one.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, isNewEnough, missingNodeText } from '../cli/launcher/find-node.mjs';
import { ensureInstalled } from './launch/install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const commands = join(root, 'scripts', 'launch', 'commands.ts');
const argv = process.argv.slice(2);

endWithShell();
try {
  await ensureInstalled(root);
  if (isNewEnough(process.versions.node)) {
    const { runCommand } = await import('./launch/commands.ts');
    process.exitCode = await runCommand(argv);
  } else {
    const node = findNode(root);
    if (node === null) throw new Error(missingNodeText());
    handOver(node, [commands, ...argv]);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/**
 * npm runs a script through a shell, and on SIGTERM ends the shell alone: without this, what was started here would run on.
 */
function endWithShell() {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}

/** Lets the newer Node take this process's place as far as one can: same terminal, signals passed on, same exit code. */
function handOver(node, parameters) {
  const child = spawn(node, parameters, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Could not start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
