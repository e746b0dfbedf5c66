/** The hosts of the overview in their order, looked at once a second. */
import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useLiveStream } from '../../app/live-stream.ts';
import { useNow } from '../../app/now.ts';
import { useConditions } from '../../store/conditions.ts';
import { useDashboard } from '../../store/dashboard.ts';
import type { HostState } from '../../store/host-state.ts';
import { byName } from '../../store/match-host.ts';
import { WorstFirst } from './worst-first.ts';

export interface RankedHost {
  state: HostState;
  /** As it is shown, which may be worse than it is by now. */
  rank: number;
}

/** `isHeld`: somebody points at the list, and nothing may move under the pointer. */
export function useFleetOrder(isHeld: Readonly<Ref<boolean>>): Readonly<ShallowRef<readonly RankedHost[]>> {
  const { hosts } = useDashboard();
  const conditions = useConditions();
  const now = useNow();
  const { connection } = useLiveStream();
  let worstFirst = anew();
  /** False while the hub still tells what there is: until then nothing is known well enough to keep its place. */
  let isWhole = false;
  const ranked = shallowRef<readonly RankedHost[]>([]);

  watch([hosts, now, isHeld, () => connection.value.phase], put, { immediate: true });
  return ranked;

  function anew(): WorstFirst<HostState> {
    return new WorstFirst((a, b) => byName(a.host.value, b.host.value));
  }

  function put(): void {
    if (!isWhole) {
      worstFirst = anew();
      isWhole = connection.value.phase === 'live';
    }
    const judged = hosts.value.map((state) => ({
      id: state.id,
      rank: conditions.of(state).rank,
      entry: state,
    }));
    const next = worstFirst
      .order(judged, now.value, isHeld.value)
      .map(({ rank, entry }) => ({ state: entry, rank }));
    if (!isSameOrder(ranked.value, next)) ranked.value = next;
  }
}

function isSameOrder(a: readonly RankedHost[], b: readonly RankedHost[]): boolean {
  return (
    a.length === b.length && a.every(({ state, rank }, at) => state === b[at]!.state && rank === b[at]!.rank)
  );
}
