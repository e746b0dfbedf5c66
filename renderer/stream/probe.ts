/** Asks why a stream was refused: EventSource itself never tells the page the status. */
import { paths } from '../../shared/protocol.ts';

export type Refusal = 'signed-out' | 'busy' | 'unreachable';

export interface ProbeOptions {
  /** Where the hub is: '' for the page's own origin. */
  base: string;
  /** Milliseconds until the question counts as unanswered. Default 5000. */
  timeoutMs?: number;
}

/** Asks for the snapshot, which needs the same permission as the stream, reads only its status, never throws. */
export async function probeRefusal({ base, timeoutMs = 5_000 }: ProbeOptions): Promise<Refusal> {
  try {
    const answer = await fetch(base + paths.hosts, {
      signal: AbortSignal.timeout(timeoutMs),
      cache: 'no-store',
      credentials: 'same-origin',
    });
    await answer.body?.cancel();
    return answer.status === 401 || answer.status === 403 ? 'signed-out' : 'busy';
  } catch {
    return 'unreachable';
  }
}
