/** The `watchline` command in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { until } from './until.ts';

/** Run from source: what is tested is what was written last, built or not. */
const entry = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');

export interface RunningCommand extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Waits until stdout holds this, and answers the match. */
  untilPrinted(pattern: RegExp): Promise<RegExpExecArray>;
}

export interface RunCommandOptions {
  env?: Record<string, string>;
  /** A program and its words that starts the command in its stead, such as `setpriv`. Default none. */
  through?: readonly string[];
  /** An installed `watchline` to run instead of the source. */
  installed?: string;
  /** True: what is written to `child.stdin` is its standard input. Default: it has none. */
  hasInput?: boolean;
}

/** With an environment of its own: nothing of the person who runs the tests gets in. */
export function runCommand(words: readonly string[], options: RunCommandOptions = {}): RunningCommand {
  const { env = {}, through = [], installed, hasInput = false } = options;
  const [program, ...parameters] = [
    ...through,
    ...(installed === undefined ? [process.execPath, entry] : [installed]),
    ...words,
  ];
  const child = spawn(program!, parameters, {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal!));
  });
  return {
    child,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    ended,
    untilPrinted: (pattern) =>
      until(`${words.join(' ')} to print ${String(pattern)}, but: ${output.stderr}`, () =>
        pattern.exec(output.stdout),
      ),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended.catch(() => undefined);
    },
  };
}
