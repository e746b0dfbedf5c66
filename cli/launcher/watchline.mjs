#!/usr/bin/env node
/**
 * The installed `watchline` command. Plain JavaScript that an old Node runs too: it finds a new one, which runs the
 * built program.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, missingNodeText } from './find-node.mjs';
import { hubNodeFlags } from './node-flags.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const program = join(root, 'dist', 'cli', 'watchline.cjs');
const node = findNode(root);

if (node === null) fail(missingNodeText());
else if (!existsSync(program))
  fail(`Watchline is not built: ${program} is missing. Run "npm run build" in ${root}.`);
else run(node);

function run(path) {
  const child = spawn(path, [...hubNodeFlags, program, ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Could not start ${path}: ${error.message}`));
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
