/** Notes of a stretch of time that goes further back than what the stream tells. */
import { computed, type ShallowRef } from 'vue';
import { paths } from '../../shared/protocol.ts';
import { MAX_NOTES, NOTES_KEPT_MS, pastNotes, type Note } from '../../shared/schema/notes.ts';
import { askHub } from '../app/ask-hub.ts';
import type { TimeSpan } from '../app/time-range.ts';
import { sameItems } from '../app/same-items.ts';
import { usePastItems } from '../app/use-past-items.ts';

export interface PastNotesOptions {
  host: string;
  span: () => TimeSpan;
  now: () => number;
  /** Those of the stream, of all hosts. */
  notes: Readonly<ShallowRef<readonly Note[]>>;
}

/** Lives as long as the calling scope. Empty where the stream has told them all, and where the hub does not answer. */
export function usePastNotes({ host, span, now, notes }: PastNotesOptions): ShallowRef<readonly Note[]> {
  const told = computed<readonly Note[]>((before) =>
    sameItems(
      before,
      notes.value.filter(({ hosts }) => hosts === null || hosts.includes(host)),
    ),
  );
  return usePastItems({
    host,
    span,
    told,
    isTold: (from) => from >= now() - NOTES_KEPT_MS && notes.value.length < MAX_NOTES,
    ask: async (query, signal) => {
      const answer = await askHub(`${paths.notes}?${query}`, pastNotes, { signal });
      return answer.isGood ? { ...answer, value: answer.value.notes } : answer;
    },
  });
}
