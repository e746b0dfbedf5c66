/** The built hub with its agent in a process of its own, for benches that open the page. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'watchline.cjs');

/** Answers the one-time link that the hub prints. `flags` are those of `watchline hub`. Ended with `opened`. */
export async function startPageHub(
  opened: AsyncDisposableStack,
  flags: readonly string[] = [],
): Promise<string> {
  if (!existsSync(command)) throw new Error('The page bench needs a build: run "npm run build" first.');
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [command, 'hub', '--port', '0', '--data', dataDir, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  opened.defer(() => stop(child));
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += text;
    const link = /http:\/\/\S+#ticket=\S+/.exec(printed);
    if (link !== null) return link[0];
  }
  throw new Error(`The hub ended before it printed its address: ${printed}`);
}

/** Of a process that ends when it is told to. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
