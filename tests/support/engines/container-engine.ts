/** A real engine of containers that a test starts for itself: what tests need of any of them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { hasTool } from '../system-tools.ts';

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

/** The words of `curl` that answer when an engine does. */
export function pingWords(socketPath: string): string[] {
  return ['--silent', '--fail', '--max-time', '2', '--unix-socket', socketPath, 'http://engine/_ping'];
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
