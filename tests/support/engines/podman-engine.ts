/** A real Podman, which speaks Docker's API on a socket of its own. All it keeps is in a folder of the test. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeTempFolder } from '../temp-folder.ts';
import {
  containerLimits,
  endService,
  engineMissing,
  makeRootfs,
  untilAnswered,
  type ContainerEngine,
} from './container-engine.ts';

const run = promisify(execFile);

/** Why there can be none; null: there can. */
export function podmanMissing(): string | null {
  return engineMissing(['podman', 'runc', 'curl']);
}

export async function startPodman(): Promise<ContainerEngine> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder());
  const rootfs = path.join(folder.path, 'rootfs');
  makeRootfs(rootfs);
  const socketPath = path.join(folder.path, 'podman.sock');
  // Whole files instead of an overlay, and no systemd: so it runs in other containers and bare machines as well.
  const global = [
    ...['--root', path.join(folder.path, 'root'), '--runroot', path.join(folder.path, 'run')],
    ...['--storage-driver=vfs', '--cgroup-manager=cgroupfs', '--events-backend=file', '--runtime=runc'],
  ];
  const command = async (...words: string[]): Promise<string> =>
    (await run('podman', [...global, ...words], { timeout: 60_000 })).stdout.trim();
  const removeAll = async (): Promise<void> => void (await command('rm', '--all', '--force', '--time=0'));
  let service: ChildProcess | null = null;
  const stopService = async (): Promise<void> => {
    if (service !== null) await endService(service, 'SIGKILL');
    service = null;
  };
  const startService = async (): Promise<void> => {
    const words = [...global, 'system', 'service', '--time=0', `unix://${socketPath}`];
    service = spawn('podman', words, { stdio: 'ignore' });
    await untilAnswered(socketPath);
  };
  opened.defer(async () => {
    await removeAll();
    await stopService();
  });
  await startService();
  const closing = opened.move();
  return {
    socketPath,
    removeAll,
    startService,
    stopService,
    start: async (name) => void (await command('start', name)),
    run: (name, script, ...words) =>
      command(
        ...['run', '--detach', `--name=${name}`, '--log-driver=k8s-file', ...containerLimits, ...words],
        ...['--rootfs', rootfs, '/bin/sh', '-c', script],
      ),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
