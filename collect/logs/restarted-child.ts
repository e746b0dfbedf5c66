/** A program that prints a log without end, started again whenever it ends, ever later: journalctl, `log stream`, PowerShell. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter } from './line-splitter.ts';
import { holdBack, type Room } from './room.ts';

const MAX_PAUSE_MS = 30_000;
/** A run of at least this long was a good one: the next restart is quick again. */
const GOOD_RUN_MS = 10_000;
/** Asked to end, it gets this long before it is killed. */
const END_MS = 2_000;
const MAX_COMPLAINT_BYTES = 1024;

export interface RestartedChildOptions {
  command: string;
  /** Asked before each start. */
  args: () => string[];
  /** Bytes of one line of its output; longer ones are cut. */
  maxLineBytes: number;
  /** Pause before the first restart, doubled each time up to 30 s. Default 1000. */
  restartMs?: number;
  onLine: (line: string) => void;
  /** While there is none, its output is not read. */
  room: Room;
  /** A line of its standard error. */
  onComplaint: (line: string) => void;
  onStarted: () => void;
  /** How it ended, when nobody asked it to: "exit code 1", "SIGKILL", "EACCES". */
  onEnded: (how: string) => void;
}

export class RestartedChild implements AsyncDisposable {
  readonly #options: RestartedChildOptions;
  readonly #ending = new AbortController();
  #child: ChildProcess | null = null;
  #hasStarted = false;
  #isRenewing = false;
  #following: Promise<void> = Promise.resolve();

  constructor(options: RestartedChildOptions) {
    this.#options = options;
  }

  /** Resolves once it runs, or is known not to exist: then nothing is ever told. */
  async start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#following = this.#follow(resolve).finally(resolve);
    await promise;
  }

  /** Ends it, and starts it anew at once. Nothing where it does not run: it is going to be started anyway. */
  renew(): void {
    if (this.#child === null) return;
    this.#isRenewing = true;
    this.#child.kill('SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#child?.kill('SIGTERM');
    const kill = setTimeout(() => this.#child?.kill('SIGKILL'), END_MS);
    await this.#following;
    clearTimeout(kill);
  }

  async #follow(onStarted: () => void): Promise<void> {
    const { signal } = this.#ending;
    const firstPause = this.#options.restartMs ?? 1_000;
    let pause = firstPause;
    while (!signal.aborted) {
      const startedAt = Date.now();
      const isThere = await this.#run(onStarted);
      if (!isThere || signal.aborted) return;
      if (this.#isRenewing) {
        this.#isRenewing = false;
        continue;
      }
      if (Date.now() - startedAt >= GOOD_RUN_MS) pause = firstPause;
      // Half of it by chance, so that many machines do not come back in step.
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
    }
  }

  /** One life of it. False: it could not be started at all, ever. */
  async #run(onStarted: () => void): Promise<boolean> {
    const { command, args, maxLineBytes, onLine, onComplaint, room } = this.#options;
    const child = spawn(command, args(), { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    this.#child = child;
    const lines = new LineSplitter({ maxLineBytes, onLine });
    const complaints = new LineSplitter({ maxLineBytes: MAX_COMPLAINT_BYTES, onLine: onComplaint });
    child.stdout.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      holdBack(child.stdout, room);
    });
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.once('spawn', () => {
      this.#hasStarted = true;
      this.#options.onStarted();
      onStarted();
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    const how = await promise;
    this.#child = null;
    if (how === 'ENOENT' && !this.#hasStarted) return false;
    if (!this.#ending.signal.aborted && !this.#isRenewing) this.#options.onEnded(how);
    return true;
  }
}
