/**
 * A real Podman, which speaks Docker's API on a socket of its own, with a rootfs of busybox alone: no image is fetched. All it keeps is in
 * a folder of the test.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasTool } from './system-tools.ts';
import { makeTempFolder } from './temp-folder.ts';
import { until } from './until.ts';

const run = promisify(execFile);

export interface PodmanEngine extends AsyncDisposable {
  readonly socketPath: string;
  /** A container that runs `script` in a shell. Answers its id. */
  run(name: string, script: string, labels?: Readonly<Record<string, string>>): Promise<string>;
  /** `podman` with these words. */
  command(...words: string[]): Promise<string>;
  /** Ends what answers on the socket; containers run on. */
  stopService(): Promise<void>;
  startService(): Promise<void>;
}

/** Why there can be none; null: there can. */
export function podmanMissing(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only as root on Linux';
  const missing = ['podman', 'runc', 'busybox'].find((tool) => !hasTool(tool));
  if (missing !== undefined) return `no ${missing}`;
  const linked = execFileSync('sh', ['-c', 'ldd "$(command -v busybox)" 2>&1 || true'], { encoding: 'utf8' });
  return linked.includes('not a dynamic executable') ? null : 'busybox is not a static one';
}

export async function startPodman(): Promise<PodmanEngine> {
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
  let service: ChildProcess | null = null;
  const stopService = async (): Promise<void> => {
    if (service === null) return;
    const exited = once(service, 'exit');
    service.kill('SIGKILL');
    await exited;
    service = null;
  };
  const startService = async (): Promise<void> => {
    const words = [...global, 'system', 'service', '--time=0', `unix://${socketPath}`];
    service = spawn('podman', words, { stdio: 'ignore' });
    await until('the engine to answer', () =>
      run('curl', asked(socketPath)).then(
        () => true,
        () => false,
      ),
    );
  };
  opened.defer(async () => {
    await command('rm', '--all', '--force', '--time=0');
    await stopService();
  });
  await startService();
  const closing = opened.move();
  return {
    socketPath,
    command,
    startService,
    stopService,
    run: (name, script, labels = {}) => {
      const labelled = Object.entries(labels).map(([label, value]) => `--label=${label}=${value}`);
      // Limits as low as any machine lets them be set.
      const limits = ['--ulimit=nofile=256:256', '--ulimit=nproc=256:256', '--network=none'];
      const words = ['--detach', `--name=${name}`, '--log-driver=k8s-file', ...limits, ...labelled];
      return command('run', ...words, '--rootfs', rootfs, '/bin/sh', '-c', script);
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function asked(socketPath: string): string[] {
  return ['--silent', '--fail', '--max-time', '2', '--unix-socket', socketPath, 'http://engine/_ping'];
}

function makeRootfs(rootfs: string): void {
  for (const folder of ['bin', 'tmp', 'etc', 'dev', 'proc', 'sys', 'run']) {
    mkdirSync(path.join(rootfs, folder), { recursive: true });
  }
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file))!;
  copyFileSync(busybox, path.join(rootfs, 'bin', 'busybox'));
  for (const applet of ['sh', 'sleep', 'usleep', 'seq', 'cat']) {
    symlinkSync('busybox', path.join(rootfs, 'bin', applet));
  }
}
