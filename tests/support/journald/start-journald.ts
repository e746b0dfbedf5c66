/** A real systemd-journald with a journal of its own, in a mount namespace: the machine's is neither read nor written. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { hasTool } from '../system-tools.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { until } from '../until.ts';

const runFile = promisify(execFile);
const script = path.join(import.meta.dirname, 'journald-namespace.sh');

const journald = ['/usr/lib/systemd/systemd-journald', '/lib/systemd/systemd-journald'].find((file) =>
  existsSync(file),
);

/** What is missing for a journald of its own; null: nothing. */
export function whyNoJournald(): string | null {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  if (journald === undefined) return 'no systemd-journald';
  const missing = ['journalctl', 'unshare', 'nsenter', 'python3'].find((tool) => !hasTool(tool));
  if (missing !== undefined) return `no ${missing}`;
  if (!existsSync('/etc/machine-id')) return 'no /etc/machine-id';
  return canMount() ? null : 'mounting is not allowed';
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/run'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface RunningJournald extends AsyncDisposable {
  /** Words to put before a command's, so that this journal is the one it sees. */
  readonly through: readonly string[];
  /** A journalctl that reads this journal, whoever runs it. */
  readonly journalctlPath: string;
  /** A path of its mount namespace, as it is reached from outside. */
  inside(file: string): string;
  /** The output of journalctl. */
  journalctl(...words: string[]): Promise<string>;
  /** Resolves when the journalctl that was run last by its path waits for entries. */
  untilWaiting(): Promise<void>;
  /** After `kill`. Resolves when it takes entries. */
  start(): Promise<void>;
  /** As `kill -9`. */
  kill(): Promise<void>;
}

/** @param isStarted False: the namespace is there, and `start` is up to the test. */
export async function startJournald({ isStarted = true } = {}): Promise<RunningJournald> {
  const folder = await makeTempFolder();
  const namespace = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', script, journald!], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(namespace, 'exit');
  const answers = createInterface({ input: namespace.stdout })[Symbol.asyncIterator]();
  await answers.next();
  const through = ['nsenter', `--mount=/proc/${namespace.pid}/ns/mnt`];
  const journalctlPath = path.join(folder.path, 'journalctl');
  const pidFile = path.join(folder.path, 'pid');
  writeFileSync(
    journalctlPath,
    `#!/bin/sh\necho $$ >'${pidFile}'\nexec ${through.join(' ')} journalctl "$@"\n`,
  );
  chmodSync(journalctlPath, 0o755);
  const say = async (word: string) => {
    namespace.stdin.write(`${word}\n`);
    await answers.next();
  };
  const journalctl = async (...words: string[]) => {
    const [program, ...parameters] = [...through, 'journalctl', ...words];
    return (await runFile(program!, parameters)).stdout;
  };
  const answersSync = () =>
    journalctl('--sync').then(
      () => true,
      () => false,
    );
  const running: RunningJournald = {
    through,
    journalctlPath,
    inside: (file) => path.join(`/proc/${namespace.pid}/root`, file),
    journalctl,
    untilWaiting: async () => {
      await until(
        'journalctl to wait',
        () => existsSync(pidFile) && isWatching(readFileSync(pidFile, 'utf8')),
      );
    },
    async start() {
      await say('start');
      await until('journald to answer', answersSync);
    },
    kill: () => say('kill'),
    async [Symbol.asyncDispose]() {
      namespace.stdin.end();
      await ended;
      await folder[Symbol.asyncDispose]();
    },
  };
  if (isStarted) await running.start();
  return running;
}

/** It sets its watches on the journal's folders when it has read all there is. */
function isWatching(pid: string): boolean {
  const folder = `/proc/${pid.trim()}/fd`;
  try {
    return readdirSync(folder).some((fd) => readlinkSync(`${folder}/${fd}`) === 'anon_inode:inotify');
  } catch {
    return false;
  }
}
