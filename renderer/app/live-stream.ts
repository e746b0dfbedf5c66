/** Joins the stream to the store, and to what happens to the page: hidden, shown, online again. */
import { inject, onScopeDispose, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import { parseCursor } from '../../shared/cursor.ts';
import { DEFAULT_RECENT_SECONDS } from '../../shared/protocol.ts';
import type { Dashboard } from '../store/dashboard.ts';
import type { Connection, TabRole } from '../stream/connection.ts';
import { createDecoder } from '../stream/decode.ts';
import { createSharedClient } from '../stream/shared-client.ts';
import { createStreamMeter, type StreamMeter } from '../stream/stream-meter.ts';
import { createPastHeed } from './heed-past.ts';
import { createHostHistory, type HostHistory } from './host-history.ts';
import type { PastSeries } from './past-series.ts';
import { markSample } from './sample-mark.ts';

export interface LiveStream {
  readonly connection: ShallowRef<Connection>;
  /** Whether this tab's stream is its own, or shared. */
  readonly role: ShallowRef<TabRole>;
  readonly meter: StreamMeter;
  /** Events this page could not read. */
  readonly faults: () => number;
  readonly history: HostHistory;
  start(): void;
  retryNow(): void;
}

/** `share`: the one this page is of; null: the owner's page. `past` is told what makes it old. Lives as long as the scope it is made in. */
export function createLiveStream(
  dashboard: Dashboard,
  share: string | null,
  past: Pick<PastSeries, 'cameLate' | 'begin' | 'renew' | 'clear'>,
): LiveStream {
  const connection = shallowRef<Connection>({ phase: 'connecting' });
  const role = shallowRef<TabRole>('own');
  const decoder = createDecoder();
  const heedPast = createPastHeed(past);
  const meter = createStreamMeter({ hubNow: () => dashboard.clock.now() });
  const client = createSharedClient({
    share,
    recentSeconds: DEFAULT_RECENT_SECONDS,
    decoder,
    onEvent(event, id) {
      dashboard.applyEvent(event, id);
      heedPast(event);
      meter.count(event, parseCursor(id)?.partial === false);
      if (event.name === 'sample' && !document.hidden) markSample(event.data);
    },
    onConnection(next) {
      connection.value = next;
    },
    onRole(next) {
      role.value = next;
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

  return {
    connection,
    role,
    meter,
    history: createHostHistory({ dashboard, connection, decoder }),
    faults: () => decoder.faults,
    start: client.start,
    retryNow: client.retryNow,
  };
}

export const liveStreamKey: InjectionKey<LiveStream> = Symbol('live-stream');

export function useLiveStream(): LiveStream {
  const stream = inject(liveStreamKey);
  if (stream === undefined) throw new Error('useLiveStream() was called outside the app');
  return stream;
}
