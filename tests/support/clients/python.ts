/** Python's raw sockets: no library at all between the bytes and the reader. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { hasTool } from '../system-tools.ts';
import type { ClientTask, StreamClient } from './stream-client.ts';

export const python: StreamClient = {
  name: "Python's raw socket",
  missing: hasTool('python3') ? null : 'python3',
  survivesCuts: 'within',
  read: (task) => Promise.resolve(readInPython(task)),
};

function readInPython({ url, token, onLog }: ClientTask): AsyncDisposable {
  const { port, pathname, search } = new URL(url);
  const script = path.join(import.meta.dirname, 'python-reader.py');
  const child = spawn('python3', [script, port, token, pathname + search], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  createInterface(child.stdout).on('line', onLog);
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
