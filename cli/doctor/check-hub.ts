/** The port, and the hub that may be behind it. */
import { createServer } from 'node:net';
import type { Config } from '../../hub/config/config.ts';
import { answersToToken, readRuntimeFile } from '../../hub/runtime-file.ts';
import { fail, ok, warn, type Finding } from './check.ts';

/** A hub that runs explains the port: only without one must it be free. */
export async function checkHub({ hub }: Config): Promise<Finding[]> {
  const runtime = readRuntimeFile(hub.dataDir);
  if (runtime === null) return [await checkPort(hub.host, hub.port)];
  const isAlive = await answersToToken(runtime);
  if (isAlive) return [ok(`a hub runs at ${runtime.url} (process ${runtime.pid})`)];
  const left = warn(
    `a hub was at ${runtime.url}, but does not answer`,
    `If process ${runtime.pid} is gone, start it again: "watchline hub" clears up what it left.`,
  );
  return [left, await checkPort(hub.host, hub.port)];
}

function checkPort(host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(fail(`${host}:${port} ${whyNot(code)}`, remedyFor(code))),
    );
    server.listen({ host, port, exclusive: true }, () =>
      server.close(() => resolve(ok(`${host}:${port} is free`))),
    );
  });
}

function whyNot(code: string | undefined): string {
  if (code === 'EADDRINUSE') return 'is taken by another program';
  if (code === 'EACCES') return 'may not be opened by this user';
  if (code === 'EADDRNOTAVAIL') return 'is no address of this machine';
  return `cannot be listened on (${code})`;
}

function remedyFor(code: string | undefined): string {
  if (code === 'EADDRNOTAVAIL') return 'Choose an address of this machine with --host, such as 127.0.0.1.';
  return 'Choose another port with --port; --port 0 takes any free one.';
}
