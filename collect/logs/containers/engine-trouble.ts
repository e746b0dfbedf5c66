/** Says why a container engine cannot be asked, and what to do. */
import { userInfo } from 'node:os';
import type { SourceState } from '../../../shared/schema/logs.ts';
import { EngineAnswerError } from './engine-socket.ts';

export interface EngineTrouble {
  state: SourceState;
  reason: string;
}

export function engineTrouble(error: unknown, socketPath: string): EngineTrouble {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return { state: 'denied', reason: deniedReason(socketPath) };
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') {
    return {
      state: 'waiting',
      reason: `Nothing answers at ${socketPath}; following starts when the engine runs.`,
    };
  }
  const what =
    error instanceof EngineAnswerError
      ? `answered ${error.status}: ${error.message}`
      : `does not answer (${code ?? String(error)})`;
  return { state: 'failed', reason: `The container engine at ${socketPath} ${what}. It is asked again.` };
}

function deniedReason(socketPath: string): string {
  const user = userInfo().username;
  if (!socketPath.includes('docker')) {
    return `${user} may not talk to ${socketPath}. Allow it: sudo setfacl -m u:${user}:rw ${socketPath} (and x on its folder).`;
  }
  return (
    `${user} may not talk to Docker at ${socketPath}. Add the user to its group: sudo usermod -aG docker ${user}, then start Watchline again. ` +
    'Whoever is in that group can become root on this machine: where that is too much, let Docker write to journald, which Watchline reads.'
  );
}
