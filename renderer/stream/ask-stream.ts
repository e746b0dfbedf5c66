/** Asks why a stream was refused: EventSource itself never tells the page the status. */
import { refusalOf, unreachable, type Refusal } from './refusal.ts';

/** Long enough for a slow network; a hub answers within milliseconds. */
const timeoutMs = 5_000;

/** `accepted`: by now the stream would be given. Reads no more than the head of a stream, never throws. */
export async function askStream(url: string): Promise<Refusal | { kind: 'accepted' }> {
  const closing = new AbortController();
  try {
    const answer = await fetch(url, {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]),
      cache: 'no-store',
      credentials: 'same-origin',
    });
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    return answer.status === 200 && isStream ? { kind: 'accepted' } : await refusalOf(answer);
  } catch {
    return unreachable;
  } finally {
    closing.abort();
  }
}
