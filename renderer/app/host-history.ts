/**
 * The last quarter of an hour of single hosts, fetched when somebody looks back further than the stream's snapshot reaches. The
 * stream brings a minute of every host; a whole fleet's quarter of an hour would be megabytes nobody looks at.
 */
import { inject, watch, type InjectionKey } from 'vue';
import { parsePollBody } from '../../shared/poll.ts';
import { MAX_RECENT_SECONDS, paths } from '../../shared/protocol.ts';
import { FEW_HOSTS, type Dashboard } from '../store/dashboard.ts';
import { addShare } from '../session/share-address.ts';
import type { Connection } from '../stream/connection.ts';
import type { Decoder } from '../stream/decode.ts';

export interface HostHistory {
  /**
   * Fetches what the hub remembers of a host, unless that was done since the newest snapshot; and again after each
   * snapshot, until the function answered is called.
   */
  want(id: string): () => void;
}

export interface HostHistoryOptions {
  dashboard: Pick<Dashboard, 'hosts' | 'hello' | 'hostById'>;
  connection: Readonly<{ value: Connection }>;
  decoder: Decoder;
}

/** Hosts of one question: a screen of rows is a few answers, none of them large. */
const HOSTS_PER_QUESTION = 4;
const TIMEOUT_MS = 15_000;
const RETRY_MS = 5_000;

/** Lives as long as the scope it is made in. */
export function createHostHistory({ dashboard, connection, decoder }: HostHistoryOptions): HostHistory {
  /** How many want each. */
  const wanted = new Map<string, number>();
  const fetched = new Set<string>();
  let isAsking = false;

  // What a snapshot follows on may have a hole before it: everything that was wanted is wanted again.
  watch(dashboard.hello, (hello) => {
    if (hello?.resumed === false) fetched.clear();
  });
  watch(
    () => connection.value.phase === 'live',
    (isLive) => isLive && askForNext(),
  );
  watch(dashboard.hosts, () => connection.value.phase === 'live' && askForNext());

  return {
    want(id) {
      wanted.set(id, (wanted.get(id) ?? 0) + 1);
      if (connection.value.phase === 'live') askForNext();
      return () => {
        const count = wanted.get(id)! - 1;
        if (count > 0) wanted.set(id, count);
        else wanted.delete(id);
      };
    },
  };

  function askForNext(): void {
    if (isAsking) return;
    const hosts = dashboard.hosts.value;
    // Few hosts are all wanted: whichever is opened next is there already.
    const due = hosts.filter(({ id }) => (wanted.has(id) || hosts.length <= FEW_HOSTS) && !fetched.has(id));
    if (due.length === 0) return;
    isAsking = true;
    due.sort((a, b) => Number(wanted.has(b.id)) - Number(wanted.has(a.id)));
    void ask(due.slice(0, HOSTS_PER_QUESTION).map(({ id }) => id));
  }

  async function ask(ids: string[]): Promise<void> {
    for (const id of ids) fetched.add(id);
    const isAnswered = await fetchInto(ids);
    isAsking = false;
    if (isAnswered) askForNext();
    else {
      for (const id of ids) fetched.delete(id);
      setTimeout(() => connection.value.phase === 'live' && askForNext(), RETRY_MS);
    }
  }

  async function fetchInto(ids: readonly string[]): Promise<boolean> {
    const query = new URLSearchParams({
      wait: '0',
      channels: 'metrics',
      hosts: ids.join(','),
      recent: String(MAX_RECENT_SECONDS),
    });
    try {
      const answer = await fetch(`${paths.poll}?${addShare(query).toString()}`, {
        cache: 'no-store',
        credentials: 'same-origin',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!answer.ok) return false;
      for (const { name, data } of parsePollBody(await answer.text())) {
        const event = name === 'recent' ? decoder.decode(name, data) : null;
        if (event?.name === 'recent') dashboard.hostById(event.data.host)?.series.insert(event.data);
      }
      return true;
    } catch {
      return false;
    }
  }
}

export const hostHistoryKey: InjectionKey<HostHistory> = Symbol('host history');

export function useHostHistory(): HostHistory {
  const history = inject(hostHistoryKey);
  if (history === undefined) throw new Error('useHostHistory() was called outside the app');
  return history;
}
