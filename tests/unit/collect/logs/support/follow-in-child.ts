/** Runs tail-child.ts and records what it prints. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Observation } from '../../../../../shared/events.ts';
import { createLogRecorder, type LogRecorder } from './log-recorder.ts';

const script = path.join(import.meta.dirname, 'tail-child.ts');

/** @param wrap command and arguments put before node's, such as `unshare`. */
export function followInChild(args: string[], wrap: string[] = []): LogRecorder & AsyncDisposable {
  const [command, ...rest] = [...wrap, process.execPath, script, ...args];
  const child = spawn(command!, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const recorder = createLogRecorder();
  createInterface({ input: child.stdout }).on('line', (line) =>
    recorder.emit(JSON.parse(line) as Observation),
  );
  return {
    ...recorder,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
