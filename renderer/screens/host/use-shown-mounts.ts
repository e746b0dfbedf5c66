/** Disk space of the moment that the page shows: of now, and while it is paused of the end of its window. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { HubAnswer } from '../../app/ask-hub.ts';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import { filesystemsAt } from '../../app/past-readings.ts';
import type { TimeSpan } from '../../app/time-range.ts';
import type { HostState } from '../../store/host-state.ts';
import { paths } from '../../../shared/protocol.ts';
import { historyRecord, type HistoryRecord } from '../../../shared/schema/history.ts';
import type { Filesystems } from '../../../shared/schema/slow-tiers.ts';
import { useTold } from './cause/use-told.ts';
import { hostMessages } from './host-messages.ts';
import type { SeenReadings } from './seen-readings.ts';

export interface ShownMounts {
  /** Null: `none` says why. */
  filesystems: Filesystems | null;
  /** When it was so, in epoch milliseconds; null: it is so now. */
  moment: number | null;
  /** Of another moment, until the answer is here. */
  isOld: boolean;
  none: string;
}

export interface ShownMountsOptions {
  state: Pick<HostState, 'id' | 'host' | 'filesystems'>;
  seen: SeenReadings<Filesystems>;
  /** The window that was chosen; null: the page is live. */
  span: () => TimeSpan | null;
}

/** What was known this long before the end of a window, or so many intervals, is told of it. */
const LOOK_BACK_MS = 60_000;
const LOOK_BACK_INTERVALS = 4;
const POINTS = 60;

const words = hostMessages.space;

/** Lives as long as the calling scope. */
export function useShownMounts({ state, seen, span }: ShownMountsOptions): ComputedRef<ShownMounts> {
  const told = useTold<Filesystems | null>({
    span,
    held({ to }) {
      const value = seen.at(to);
      return value && { value, isWhole: true };
    },
    heldRows: () => state.filesystems.value?.time ?? 0,
    ask: ({ to }, signal) => askFilesystems(state, to, signal),
  });
  /** What was shown last, for as long as the next answer takes. */
  const before = shallowRef<Filesystems | null>(null);
  const shown = computed((): ShownMounts => {
    if (span() === null)
      return { filesystems: state.filesystems.value, moment: null, isOld: false, none: words.none };
    const { value, isAsking, trouble } = told.value;
    if (value === null && isAsking)
      return {
        filesystems: before.value,
        moment: before.value?.time ?? null,
        isOld: true,
        none: words.asking,
      };
    return { filesystems: value, moment: value?.time ?? null, isOld: false, none: trouble ?? words.unknown };
  });
  watch(shown, ({ filesystems, isOld }) => !isOld && (before.value = filesystems), { immediate: true });
  return shown;
}

async function askFilesystems(
  { id, host, filesystems }: ShownMountsOptions['state'],
  to: number,
  signal: AbortSignal,
): Promise<HubAnswer<Filesystems | null>> {
  const backMs = Math.max(LOOK_BACK_MS, LOOK_BACK_INTERVALS * host.value.intervalMs);
  const question = new URLSearchParams({
    hosts: id,
    series: 'filesystem.*',
    from: String(Math.max(0, to - backMs)),
    to: String(to),
    points: String(POINTS),
    fields: 'mean,last',
  });
  const records: HistoryRecord[] = [];
  const answer = await askHubRecords(`${paths.history}?${question.toString()}`, {
    schema: historyRecord,
    signal,
    onRecord: (record) => records.push(record),
  });
  return answer.isGood ? { isGood: true, value: filesystemsAt(records, id, to, filesystems.value) } : answer;
}
