/** The lines of a host around one of its lines, from the archive, and further ones on either side when asked for. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { askHub, type HubAnswer } from '../../app/ask-hub.ts';
import type { LineRow } from '../../store/log-row.ts';
import { LogStore } from '../../store/log-store.ts';
import { paths } from '../../../shared/protocol.ts';
import { contextAnswer, searchProblems, type ContextAnswer } from '../../../shared/schema/log-search.ts';
import type { Around } from './archive-address.ts';
import { heldAround } from './held-around.ts';

export interface LineContext {
  /** Oldest first. */
  readonly store: LogStore;
  readonly isAsking: ShallowRef<boolean>;
  /** Number of the row asked for; null: not known yet, or it is gone. */
  readonly at: ShallowRef<number | null>;
  readonly hasOlder: ShallowRef<boolean>;
  /** There were more, or have come since. */
  readonly hasNewer: ComputedRef<boolean>;
  /** True where the hub keeps no lines, and these are the ones that the page holds. */
  readonly isHeldOnly: ShallowRef<boolean>;
  readonly problem: ShallowRef<{ code: string; sentence: string } | null>;
  ask(around: Around): Promise<void>;
  older(): Promise<void>;
  newer(): Promise<void>;
}

/** Lines on each side, and as many again each time. */
const EACH_SIDE = 200;

/** `held`: the lines of the tail. */
export function useLineContext(held: LogStore): LineContext {
  const store = new LogStore();
  const isAsking = shallowRef(false);
  const at = shallowRef<number | null>(null);
  const hasOlder = shallowRef(false);
  const wereMore = shallowRef(false);
  const haveCome = shallowRef(false);
  const hasNewer = computed(() => wereMore.value || haveCome.value);
  const isHeldOnly = shallowRef(false);
  const problem = shallowRef<LineContext['problem']['value']>(null);
  let asking: AbortController | null = null;
  /** Number of the row of the tail from which on is looked for what has come. */
  let lookAt = held.rows.next;

  watch(held.revision, look);
  onScopeDispose(() => asking?.abort());
  return { store, isAsking, at, hasOlder, hasNewer, isHeldOnly, problem, ask, older, newer };

  async function ask(around: Around): Promise<void> {
    store.clear();
    at.value = null;
    hasOlder.value = isHeldOnly.value = false;
    takeNewer(false);
    const answer = await question(around, EACH_SIDE, EACH_SIDE);
    if (answer === null) return;
    if (answer.isGood) {
      show(answer.value, around);
      return;
    }
    const kept = isNotKept(answer.code) ? heldAround(held, around, EACH_SIDE) : null;
    if (kept === null) problem.value = answer;
    else show(kept, around);
    isHeldOnly.value = kept !== null;
  }

  /** A moment of a host has no line of its own: the first one there is meant. */
  function show({ lines, at: middle, ...more }: ContextAnswer, around: Around): void {
    const place = middle ?? ('time' in around ? lines.findIndex(({ line }) => line.time >= around.time) : -1);
    at.value = place < 0 ? null : store.rows.next + place;
    for (const line of lines) store.add(line);
    hasOlder.value = more.hasOlder;
    takeNewer(more.hasNewer);
  }

  function takeNewer(areMore: boolean): void {
    wereMore.value = areMore;
    haveCome.value = false;
    lookAt = held.rows.next;
  }

  /** The log goes on: whoever came here by a link that is some seconds old wants to read on. */
  function look(): void {
    const newest = store.rows.at(store.rows.next - 1);
    if (newest?.kind !== 'line' || isHeldOnly.value) return;
    const { host, time } = newest.line;
    for (let number = Math.max(lookAt, held.rows.first); number < held.rows.next; number++) {
      const row = held.rows.at(number);
      if (row?.kind === 'line' && row.line.host === host && row.line.time >= time) haveCome.value = true;
    }
    lookAt = held.rows.next;
  }

  async function older(): Promise<void> {
    const { first } = store.rows;
    const id = idAt(first);
    if (id === null) return;
    const answer = await question({ id }, EACH_SIDE, 0);
    if (answer?.isGood !== true) return fail(answer);
    const { lines, at: middle, hasOlder: isMore } = answer.value;
    hasOlder.value = isMore;
    const rows = lines.slice(0, middle ?? 0).map(({ id, line }): LineRow => ({ kind: 'line', line, id }));
    store.replace(first, first, rows);
  }

  async function newer(): Promise<void> {
    const id = idAt(store.rows.next - 1);
    if (id === null) return;
    const answer = await question({ id }, 0, EACH_SIDE);
    if (answer?.isGood !== true) return fail(answer);
    const { lines, at: middle, hasNewer: areMore } = answer.value;
    takeNewer(areMore);
    for (const line of lines.slice((middle ?? -1) + 1)) store.add(line);
  }

  /** Null: nobody waits for the answer any more. */
  async function question(
    around: Around,
    before: number,
    after: number,
  ): Promise<HubAnswer<ContextAnswer> | null> {
    asking?.abort();
    const own = (asking = new AbortController());
    const place = 'id' in around ? { line: around.id } : { host: around.host, time: String(around.time) };
    const parameters = new URLSearchParams({ ...place, before: String(before), after: String(after) });
    problem.value = null;
    isAsking.value = true;
    const answer = await askHub(`${paths.logContext}?${parameters.toString()}`, contextAnswer, {
      signal: own.signal,
    });
    if (own.signal.aborted) return null;
    isAsking.value = false;
    return answer;
  }

  function fail(answer: HubAnswer<ContextAnswer> | null): void {
    if (answer?.isGood === false) problem.value = answer;
  }

  function idAt(number: number): string | null {
    const row = store.rows.at(number);
    return row?.kind === 'line' && row.id !== '' ? row.id : null;
  }
}

function isNotKept(code: string): boolean {
  return code === searchProblems.archiveOff || code === searchProblems.unknownLine;
}
