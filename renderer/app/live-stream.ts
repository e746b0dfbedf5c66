/** Joins the stream to the store, and to what happens to the page: hidden, shown, online again. */
import { inject, onScopeDispose, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import type { Dashboard } from '../store/dashboard.ts';
import type { Connection } from '../stream/connection.ts';
import { createDecoder } from '../stream/decode.ts';
import { createStreamClient } from '../stream/stream-client.ts';
import { markSample } from './sample-mark.ts';

export interface LiveStream {
  readonly connection: ShallowRef<Connection>;
  /** Events of this page's streams so far, and those it could not read. */
  readonly counts: { events: number; readonly faults: number };
  start(): void;
  retryNow(): void;
}

/** Lives as long as the scope it is made in. */
export function createLiveStream(dashboard: Dashboard): LiveStream {
  const connection = shallowRef<Connection>({ phase: 'connecting' });
  const decoder = createDecoder();
  const counts = {
    events: 0,
    get faults() {
      return decoder.faults;
    },
  };
  const client = createStreamClient({
    recentSeconds: MAX_RECENT_SECONDS,
    decoder,
    onEvent(event, id) {
      counts.events++;
      dashboard.applyEvent(event, id);
      if (event.name === 'sample' && !document.hidden) markSample(event.data);
    },
    onConnection(next) {
      connection.value = next;
    },
  });

  function onVisibility(): void {
    if (document.hidden) {
      dashboard.publisher.hold();
    } else {
      dashboard.publisher.release();
      client.checkLiveness();
    }
  }
  function onOnline(): void {
    client.checkLiveness();
  }

  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  // `offline` says nothing about a hub on this machine, so it is not listened to.
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
    client.close();
  });
  if (document.hidden) dashboard.publisher.hold();

  return { connection, counts, start: client.start, retryNow: client.retryNow };
}

export const liveStreamKey: InjectionKey<LiveStream> = Symbol('live-stream');

export function useLiveStream(): LiveStream {
  const stream = inject(liveStreamKey);
  if (stream === undefined) throw new Error('useLiveStream() was called outside the app');
  return stream;
}
