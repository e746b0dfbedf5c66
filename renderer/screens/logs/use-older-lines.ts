/**
 * Where the tail begins with few lines, as after a restart of the hub, which remembers the newest of each host and no more, older ones
 * are asked of its archive: the screen is never empty while there are lines to show.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import { useSession } from '../../session/session.ts';
import type { Beginning, LogStore } from '../../store/log-store.ts';
import { formatCursor, parseCursor } from '../../../shared/cursor.ts';
import { paths } from '../../../shared/protocol.ts';
import { searchRecord, type ArchivedLine } from '../../../shared/schema/log-search.ts';
import { putBefore } from './put-before.ts';

/** A tail that begins with fewer lines is given so many. */
const WANTED_LINES = 1_000;
/** Who goes past a host on the way to another asks nothing: a hub answers a few searches at a time. */
const PASSING_MS = 150;

/** `hostId`: lines of this host are shown; undefined: of all. Answers whether they are being asked for. */
export function useOlderLines(store: LogStore, hostId: string | undefined): ShallowRef<boolean> {
  const session = useSession();
  const isAsking = shallowRef(false);
  let asking: AbortController | null = null;
  onScopeDispose(() => asking?.abort());
  watch(store.beginning, begin, { immediate: true });
  return isAsking;

  function begin(beginning: Beginning | null): void {
    asking?.abort();
    isAsking.value = false;
    // Its viewers see what comes while they are there.
    if (session.told.value?.since === 'live') return;
    if (beginning === null || beginning.asked.has(hostId ?? '') || hasEnough()) return;
    asking = new AbortController();
    void ask(beginning, asking.signal);
  }

  async function ask({ cursor, asked }: Beginning, signal: AbortSignal): Promise<void> {
    asked.add(hostId ?? '');
    isAsking.value = true;
    await new Promise((resolve) => setTimeout(resolve, PASSING_MS));
    const found = signal.aborted ? [] : await newestLines(cursor, hostId, signal);
    if (signal.aborted) {
      asked.delete(hostId ?? '');
      return;
    }
    isAsking.value = false;
    if (found.length > 0) putBefore(store, cursor, found);
  }

  function hasEnough(): boolean {
    const { rows } = store;
    if (hostId === undefined) return rows.lines >= WANTED_LINES;
    let lines = 0;
    for (let number = rows.next - 1; number >= rows.first && lines < WANTED_LINES; number--) {
      const row = rows.at(number)!;
      if (row.kind === 'line' && row.line.host === hostId) lines++;
    }
    return lines >= WANTED_LINES;
  }
}

/** Up to the cursor, oldest first; none where the hub has none, or tells none. */
async function newestLines(
  cursor: string,
  hostId: string | undefined,
  signal: AbortSignal,
): Promise<ArchivedLine[]> {
  const { epoch, sequence } = parseCursor(cursor)!;
  const question = new URLSearchParams({
    limit: String(WANTED_LINES),
    before: formatCursor(epoch, sequence + 1),
    ...(hostId !== undefined && { hosts: hostId }),
  });
  const lines: ArchivedLine[] = [];
  await askHubRecords(`${paths.logSearch}?${question.toString()}`, {
    schema: searchRecord,
    signal,
    onRecord: (record) => {
      if (record.kind === 'line') lines.push({ id: record.id, line: record.line });
    },
  });
  // What came of half an answer are the newest lines: they join what is held all the same.
  return lines.reverse();
}
