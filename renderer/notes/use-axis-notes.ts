/** All that stands as a flag on the axis of a host's charts: notes and markers, also of long ago, and what happened to the host. */
import { computed, type ComputedRef } from 'vue';
import type { Note } from '../../shared/schema/notes.ts';
import type { PastSeries } from '../app/past-series.ts';
import type { TimeRange } from '../app/time-range.ts';
import { useShownSpan } from '../app/use-shown-span.ts';
import { useDashboard } from '../store/dashboard.ts';
import type { HostState } from '../store/host-state.ts';
import { happeningNotes, happeningsOf, type Happening } from './happenings.ts';
import { usePastMarks } from './use-past-marks.ts';
import { usePastNotes } from './use-past-notes.ts';

/** By time. Lives as long as the calling scope. */
export function useAxisNotes(
  state: HostState,
  past: PastSeries,
  range: TimeRange,
): ComputedRef<readonly Note[]> {
  const { clock, notes, timeline } = useDashboard();
  const span = useShownSpan(range);
  const older = usePastNotes({
    host: state.id,
    span: () => span.value,
    now: () => clock.now(),
    notes: notes.notes,
  });
  const marks = usePastMarks({ host: state.id, range, now: () => clock.now() });
  const happened = computed(() => {
    void past.revision.value;
    const { from, to } = span.value;
    const seen = timeline.entries.value.flatMap((entry): Happening | [] =>
      entry.kind === 'status' && entry.host === state.id ? { time: entry.time, what: entry.status } : [],
    );
    const boot: Happening = { time: state.host.value.inventory.bootTime, what: 'boot' };
    return happeningNotes(state.id, [
      ...happeningsOf(past.marksIn(state.id, from, to)),
      ...happeningsOf(marks.value),
      ...seen,
      boot,
    ]);
  });
  return computed(() => {
    const byId = new Map([...older.value, ...notes.notes.value].map((note) => [note.id, note]));
    return [...byId.values(), ...happened.value].sort((a, b) => a.time - b.time);
  });
}
