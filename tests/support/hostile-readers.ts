/** Starts Python's raw sockets that misbehave: what they do stands in hostile-readers.py. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { hasTool } from './system-tools.ts';

export const hasPython = hasTool('python3');

export type Misbehaviour = 'never-reads' | 'trickle-reads' | 'resets' | 'half-closes' | 'drops';

/** Resolves when all of them are open; "drops" when all have come and gone. */
export async function startHostileReaders(
  hub: { port: number; ownerToken: string },
  misbehaviour: Misbehaviour,
  count: number,
): Promise<AsyncDisposable> {
  const script = path.join(import.meta.dirname, 'hostile-readers.py');
  const child = spawn('python3', [script, String(hub.port), hub.ownerToken, misbehaviour, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const ended = closed.then(() =>
    Promise.reject(new Error(`Readers that are "${misbehaviour}" ended early`)),
  );
  ended.catch(() => undefined);
  await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
