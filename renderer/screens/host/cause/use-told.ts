/**
 * Something about the chosen window: at once from what the page holds where that is all of it, else from the hub; and what there is
 * of it where the hub cannot say either.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { HubAnswer } from '../../../app/ask-hub.ts';
import type { TimeSpan } from '../../../app/time-range.ts';

/** What the page knows by itself. */
export interface Held<Value> {
  value: Value;
  /** False: it began to look on in the midst of it. */
  isWhole: boolean;
}

export interface Told<Value> {
  /** Null: nothing is known, or not yet. */
  value: Value | null;
  isAsking: boolean;
  /** Not all of it is known, and `trouble` says why. */
  isPartial: boolean;
  /** Why the hub did not answer, a sentence for people; null: it did, or was not asked. */
  trouble: string | null;
}

export interface ToldOptions<Value> {
  /** Null: nothing is chosen. */
  span: () => TimeSpan | null;
  held: (span: TimeSpan) => Held<Value> | null;
  /** Another number whenever `held` would answer differently for the same span. */
  heldRows: (span: TimeSpan) => number;
  ask: (span: TimeSpan, signal: AbortSignal) => Promise<HubAnswer<Value>>;
}

/** A window that is dragged on is asked about when it stands still. */
const PATIENCE_MS = 150;

/** Lives as long as the calling scope. */
export function useTold<Value>(options: ToldOptions<Value>): ShallowRef<Told<Value>> {
  const nothing: Told<Value> = { value: null, isAsking: false, isPartial: false, trouble: null };
  const told = shallowRef(nothing);
  /** What the hub answered to the span it was asked about. */
  let answered: { span: TimeSpan; answer: HubAnswer<Value> | null } | null = null;
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    [options.span, () => rowsOf(options.span())] as const,
    ([span]) => {
      if (span === null) {
        forget();
        told.value = nothing;
      } else tell(span);
    },
    { immediate: true },
  );
  onScopeDispose(forget);
  return told;

  function rowsOf(span: TimeSpan | null): number {
    return span === null ? 0 : options.heldRows(span);
  }

  function tell(span: TimeSpan): void {
    const held = options.held(span);
    if (held?.isWhole) {
      forget();
      told.value = { ...nothing, value: held.value };
      return;
    }
    if (answered === null || !isSame(answered.span, span)) askAbout(span);
    const answer = answered?.answer ?? null;
    if (answer?.isGood) told.value = { ...nothing, value: answer.value };
    else
      told.value = {
        value: held?.value ?? null,
        isAsking: answer === null,
        isPartial: held !== null && answer !== null,
        trouble: answer === null ? null : answer.sentence,
      };
  }

  function askAbout(span: TimeSpan): void {
    forget();
    const own = (asking = new AbortController());
    const question = (answered = { span, answer: null as HubAnswer<Value> | null });
    timer = setTimeout(() => {
      void options.ask(span, own.signal).then((answer) => {
        if (own.signal.aborted) return;
        question.answer = answer;
        tell(span);
      });
    }, PATIENCE_MS);
  }

  function forget(): void {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
    answered = null;
  }
}

function isSame(a: TimeSpan, b: TimeSpan): boolean {
  return a.from === b.from && a.to === b.to;
}
