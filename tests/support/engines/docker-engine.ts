/** A real Docker daemon with its containerd, without a network of its own. All it keeps is in a folder of the test. */
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
const IMAGE = 'busybox-alone:1';

/** Why there can be none; null: there can. */
export function dockerMissing(): string | null {
  return engineMissing(['dockerd', 'containerd', 'runc', 'docker', 'curl']);
}

export async function startDocker(): Promise<ContainerEngine> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder());
  const at = (name: string) => path.join(folder.path, name);
  const socketPath = at('docker.sock');
  const command = async (...words: string[]): Promise<string> =>
    (await run('docker', ['--host', `unix://${socketPath}`, ...words], { timeout: 60_000 })).stdout.trim();
  const removeAll = async (): Promise<void> => {
    const ids = (await command('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '');
    if (ids.length > 0) await command('rm', '--force', ...ids);
  };
  let service: ChildProcess | null = null;
  // As `systemctl restart docker` does it.
  const stopService = async (): Promise<void> => {
    if (service !== null) await endService(service, 'SIGTERM');
    service = null;
  };
  const startService = async (): Promise<void> => {
    // Whole files instead of an overlay, and nothing of the machine's network: so it runs in other containers as well.
    const words = [
      ...['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')],
      ...['--host', `unix://${socketPath}`, '--storage-driver=vfs', '--live-restore'],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
    ];
    service = spawn('dockerd', words, { stdio: 'ignore' });
    await untilAnswered(socketPath);
  };
  opened.defer(async () => {
    await removeAll();
    await stopService();
    // A daemon whose containers live on leaves its folder mounted on itself.
    await run('umount', [at('data')]).catch(() => undefined);
  });
  await startService();
  makeRootfs(at('rootfs'));
  await run('tar', ['--create', '--directory', at('rootfs'), '--file', at('image.tar'), '.']);
  await command('import', at('image.tar'), IMAGE);
  const closing = opened.move();
  return {
    socketPath,
    removeAll,
    startService,
    stopService,
    start: async (name) => void (await command('start', name)),
    run: (name, script, ...words) =>
      command(
        ...['run', '--detach', `--name=${name}`, ...containerLimits, ...words],
        ...[IMAGE, '/bin/sh', '-c', script],
      ),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
