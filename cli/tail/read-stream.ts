/** Reads a hub's stream for as long as it is wanted: reconnects with the cursor it has, later and later while it fails. */
import { setTimeout as delay } from 'node:timers/promises';
import { RECONNECT_MS } from '../../shared/protocol.ts';
import { readOnce, type StreamMessage } from './read-once.ts';
import type { StreamPlace } from './find-stream.ts';
import { RefusedError } from '../refused-error.ts';

export interface ReadStreamOptions extends StreamPlace {
  signal: AbortSignal;
  /** Told once when the stream is lost, with why. */
  onLost?: (reason: string) => void;
  /** First wait before a reconnect, in milliseconds. Default: what the hub says, or 2000. */
  retryMs?: number;
}

const MAX_RETRY_MS = 30_000;

/** Ends when `signal` aborts. Throws a RefusedError where trying again is of no use. */
export async function* readStream(options: ReadStreamOptions): AsyncGenerator<StreamMessage> {
  let cursor: string | null = null;
  let failures = 0;
  let baseMs = options.retryMs ?? RECONNECT_MS;
  while (!options.signal.aborted) {
    try {
      for await (const message of readOnce({ ...options, cursor, onRetry: (ms) => (baseMs = ms) })) {
        if (message.id !== null) cursor = message.id;
        failures = 0;
        yield message;
      }
      throw new Error('the hub closed the stream');
    } catch (error) {
      if (options.signal.aborted) return;
      if (error instanceof RefusedError) throw error;
      if (failures === 0) options.onLost?.(error instanceof Error ? error.message : String(error));
    }
    await wait(Math.min(MAX_RETRY_MS, baseMs * 2 ** Math.min(failures, 10)), options.signal);
    failures += 1;
  }
}

/** Between half and all of it, at random: a thousand readers of one hub do not come back at the same moment. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms / 2 + (Math.random() * ms) / 2, undefined, { signal }).catch(() => undefined);
}
