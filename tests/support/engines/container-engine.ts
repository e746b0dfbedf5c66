/** A real engine of containers that a test starts for itself: what tests need of any of them. */
import { execFile, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasTool } from '../system-tools.ts';
import { until } from '../until.ts';

const run = promisify(execFile);

export interface ContainerEngine extends AsyncDisposable {
  /** Speaks Docker's API. */
  readonly socketPath: string;
  /** A container that runs `script` in a shell, with these words of `run` besides. Answers its id. */
  run(name: string, script: string, ...words: string[]): Promise<string>;
  /** Once more, a container that has ended. */
  start(name: string): Promise<void>;
  /** Every container, running or not. */
  removeAll(): Promise<void>;
  /** Ends what answers on the socket; containers run on. */
  stopService(): Promise<void>;
  startService(): Promise<void>;
}

/** Why there can be none that needs these programs; null: there can. */
export function engineMissing(programs: readonly string[]): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only as root on Linux';
  const missing = [...programs, 'busybox'].find((tool) => !hasTool(tool));
  if (missing !== undefined) return `no ${missing}`;
  const linked = execFileSync('sh', ['-c', 'ldd "$(command -v busybox)" 2>&1 || true'], { encoding: 'utf8' });
  return linked.includes('not a dynamic executable') ? null : 'busybox is not a static one';
}

/** Limits as low as any machine lets them be set, and no network, which needs none of the machine's. */
export const containerLimits = ['--ulimit=nofile=256:256', '--ulimit=nproc=256:256', '--network=none'];

/** Docker starts a second program before it answers; on a busy machine that takes its time. */
const START_PATIENCE_MS = 30_000;

/** Resolves when an engine answers on the socket. */
export async function untilAnswered(socketPath: string): Promise<void> {
  const words = ['--silent', '--fail', '--max-time', '2', '--unix-socket', socketPath, 'http://engine/_ping'];
  const answers = () =>
    run('curl', words).then(
      () => true,
      () => false,
    );
  await until('the engine to answer', answers, START_PATIENCE_MS);
}

/** Ends with this signal, and resolves when it has. */
export async function endService(service: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exited = once(service, 'exit');
  service.kill(signal);
  await exited;
}

/** The files of a container: busybox alone, so that no image is fetched. */
export function makeRootfs(rootfs: string): void {
  for (const folder of ['bin', 'tmp', 'etc', 'dev', 'proc', 'sys', 'run']) {
    mkdirSync(path.join(rootfs, folder), { recursive: true });
  }
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file))!;
  copyFileSync(busybox, path.join(rootfs, 'bin', 'busybox'));
  for (const applet of ['sh', 'sleep', 'usleep', 'seq', 'cat']) {
    symlinkSync('busybox', path.join(rootfs, 'bin', applet));
  }
}
