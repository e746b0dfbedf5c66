/** Runs one program in the foreground: same terminal, signals passed on, exit code handed back. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './project.ts';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves with the exit code, or 128 + the number of the signal that ended it, as a shell would say. */
export async function runChild(
  program: string,
  parameters: readonly string[],
  options: SpawnOptions = {},
): Promise<number> {
  const child = spawn(program, parameters, { cwd: root, stdio: 'inherit', ...options });
  // A terminal's Ctrl-C reaches the child by itself too: it treats two signals in quick succession as one.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of passedOn) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
      );
    });
  } finally {
    for (const signal of passedOn) process.off(signal, forward);
  }
}

/** Runs a file of the project with the Node that runs this one. */
export function runNode(parameters: readonly string[], options: SpawnOptions = {}): Promise<number> {
  return runChild(process.execPath, parameters, options);
}
