/**
 * The past of all hosts, as far as it is shown: charts read what is here, and what is missing is asked of the hub. Nothing is
 * asked twice at a time, and what a hasty traveller has left behind is not asked at all.
 */
import { inject, onScopeDispose, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { HistoryGap, HistoryMark } from '../../shared/schema/history.ts';
import { levelFor, slotStart } from '../store/past/past-levels.ts';
import type { LateSpan } from '../store/host-state.ts';
import { withLateSpan } from '../store/late-spans.ts';
import type { PastStretch } from '../store/past/past-tile.ts';
import { PastTiles, type PastWindow } from '../store/past/past-tiles.ts';
import { askPast, isOff } from './ask-past.ts';
import { PastWishes, type PastAsk } from './past-wishes.ts';

export interface PastRequest {
  host: string;
  keys: readonly string[];
  /** Epoch milliseconds, `to` excluded: what is read. */
  from: number;
  to: number;
  /** Length of all that is shown, of which this may be a part, and into how many buckets it is to be cut at most. */
  spanMs: number;
  points: number;
  /** From then on the page holds the samples themselves; null: it holds none. */
  liveFrom: number | null;
}

export interface PastSeries {
  /** Grows whenever `window` would answer differently. */
  readonly revision: ShallowRef<number>;
  /** What keeps the past from being read, in a sentence; null: nothing does. */
  readonly trouble: ShallowRef<string | null>;
  /** Something is being waited for, for so long that it is worth a word. */
  readonly isSlow: ShallowRef<boolean>;
  /** By host, stretches that samples came for late, by time: seen when they were asked for again. */
  readonly late: ShallowRef<ReadonlyMap<string, readonly LateSpan[]>>;
  /** What is here of a window, at once. The rest is asked for and comes with a new `revision`. */
  window(request: PastRequest): PastWindow;
  /** What the hub said of a stretch without samples. */
  gapIn(host: string, from: number, to: number): HistoryGap | null;
  /** What happened to a host, as far as the windows read tell. */
  marksIn(host: string, from: number, to: number): HistoryMark[];
  /** Samples of this time came late. */
  cameLate(host: string, from: number, to: number): void;
  /**
   * The stream begins, and tells from now on what comes late: what was refused or answered before is asked for again. What is under way is
   * answered at about the same time.
   */
  begin(): void;
  /** The stream broke off and began anew: what came late meanwhile was not told. */
  renew(): void;
  /** What this reader may see has changed. */
  clear(): void;
}

/** Questions under way at a time: the hub answers a few of each reader. */
const MAX_ASKING = 2;
/** Questions that wait: of those before, nobody looks at what they ask for any more. */
const MAX_WAITING = 6;
/** The first wish after quiet is asked at once, further ones together. */
const GATHER_MS = 120;
const RETRY_MS = 4_000;
/** Sooner than this nobody notices that something was waited for. */
const SLOW_MS = 150;

/** Older than this nothing is kept in shorter buckets: so the hub was found to answer. */
interface Floor {
  stepMs: number;
  from: number;
}

/** Lives as long as the scope it is made in. */
export function createPastSeries(ask: typeof askPast = askPast): PastSeries {
  const revision = shallowRef(0);
  const trouble: ShallowRef<string | null> = shallowRef(null);
  const isSlow = shallowRef(false);
  const late: PastSeries['late'] = shallowRef(new Map());
  const tiles = new PastTiles();
  const wishes = new PastWishes();
  const floors: Floor[] = [];
  const leaving = new AbortController();
  /** Host, level, slot and key of all that is under way. */
  const asked = new Set<string>();
  let waiting: PastAsk[] = [];
  let asking = 0;
  let gatheredAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let slowTimer: ReturnType<typeof setTimeout> | null = null;
  let isGathering = false;
  let restUntil = -Infinity;
  let isKeptOff = false;
  /** What came late while questions were under way: the answers may be from before. */
  let spoiled: ((host: string) => void)[] = [];
  /** Grows with `clear`: an answer to a question from before is no longer for this reader. */
  let era = 0;

  onScopeDispose(() => {
    leaving.abort();
    if (timer !== null) clearTimeout(timer);
    if (slowTimer !== null) clearTimeout(slowTimer);
  });

  return {
    revision,
    trouble,
    isSlow,
    late,
    window: read,
    gapIn: (host, from, to) => tiles.gapIn(host, from, to),
    marksIn: (host, from, to) => tiles.marksIn(host, from, to),
    cameLate(host, from, to) {
      tiles.spoil(host, from, to);
      if (asking > 0) spoiled.push((of) => of === host && tiles.spoil(host, from, to));
      changed();
    },
    begin() {
      tiles.spoilAll();
      retry();
    },
    renew() {
      tiles.spoilAll();
      if (asking > 0) spoiled.push((of) => tiles.spoil(of, -Infinity, Infinity));
      retry();
    },
    clear() {
      era++;
      floors.length = 0;
      waiting = [];
      asked.clear();
      tiles.clear();
      late.value = new Map();
      changed();
    },
  };

  function retry(): void {
    isKeptOff = false;
    restUntil = -Infinity;
    if (timer !== null) clearTimeout(timer);
    if (isGathering) timer = setTimeout(gather, 0);
    trouble.value = null;
    changed();
  }

  function read(request: PastRequest): PastWindow {
    const { host, keys, from, to, liveFrom } = request;
    const level = levelOf(request);
    const { window, wanted } = tiles.read({ host, keys, from, to, level, liveFrom });
    if (isKeptOff) return { ...window, holes: [] };
    for (const slot of wanted) {
      const missing = keys.filter((key) => !asked.has(`${host} ${level} ${slot} ${key}`));
      if (missing.length > 0) wish(host, level, slot, missing);
    }
    return window;
  }

  /** Never finer than the hub was found to keep what is that old. */
  function levelOf({ from, spanMs, points }: PastRequest): number {
    const kept = floors.filter((floor) => from <= floor.from).map(({ stepMs }) => stepMs);
    return Math.max(levelFor(spanMs, points), ...kept);
  }

  function wish(host: string, level: number, slot: number, keys: readonly string[]): void {
    wishes.add(host, level, slot, keys);
    if (isGathering) return;
    isGathering = true;
    const now = performance.now();
    const wait = Math.max(restUntil - now, gatheredAt + GATHER_MS - now);
    // Charts that come into view draw one after the other: after all of them their wishes are known.
    timer = setTimeout(gather, Math.max(0, wait));
  }

  function gather(): void {
    isGathering = false;
    timer = null;
    gatheredAt = performance.now();
    // The newest first: it is what is looked at.
    waiting = [...wishes.take(), ...waiting].slice(0, MAX_WAITING);
    askNext();
  }

  function askNext(): void {
    while (asking < MAX_ASKING && !leaving.signal.aborted) {
      const next = waiting.shift();
      if (next === undefined) return;
      void send(next);
    }
  }

  async function send(next: PastAsk): Promise<void> {
    const mine = addressesOf(next).filter((address) => !asked.has(address));
    if (mine.length === 0) return;
    const before = era;
    const known = spoiled.length;
    asking++;
    slowTimer ??= setTimeout(() => setSlow(true), SLOW_MS);
    for (const address of mine) asked.add(address);
    const answer = await ask(
      next,
      (told, { stepMs }) => {
        if (era !== before) return;
        if (stepMs > next.level) remember({ stepMs, from: slotStart(next.level, next.first) });
        noteLate(told.host, tiles.put(told), stepMs);
        changed();
      },
      leaving.signal,
    );
    asking--;
    if (leaving.signal.aborted) return;
    for (const address of mine) asked.delete(address);
    for (const spoil of spoiled.slice(known)) next.hosts.forEach(spoil);
    if (spoiled.length > known) changed();
    if (asking === 0) spoiled = [];
    isKeptOff = isOff(answer);
    trouble.value = answer.isGood ? null : answer.sentence;
    if (!answer.isGood) rest();
    askNext();
    if (asking === 0) setSlow(false);
  }

  function setSlow(slow: boolean): void {
    if (!slow && slowTimer !== null) clearTimeout(slowTimer);
    if (!slow) slowTimer = null;
    if (isSlow.value === slow) return;
    isSlow.value = slow;
    changed();
  }

  /** Nothing is asked for a while; then whoever still draws asks again. */
  function rest(): void {
    restUntil = performance.now() + RETRY_MS;
    waiting = [];
    changed();
  }

  function noteLate(host: string, stretch: PastStretch | null, stepMs: number): void {
    if (stretch === null) return;
    const spans = withLateSpan(late.value.get(host) ?? [], [stretch.from, stretch.to], stepMs);
    late.value = new Map(late.value).set(host, spans);
  }

  function remember(floor: Floor): void {
    const same = floors.find(({ stepMs }) => stepMs === floor.stepMs);
    if (same === undefined) floors.push(floor);
    else same.from = Math.max(same.from, floor.from);
  }

  function changed(): void {
    revision.value++;
  }
}

function addressesOf({ hosts, keys, level, first, last }: PastAsk): string[] {
  const addresses: string[] = [];
  for (const host of hosts) {
    for (let slot = first; slot <= last; slot++) {
      for (const key of keys) addresses.push(`${host} ${level} ${slot} ${key}`);
    }
  }
  return addresses;
}

export const pastSeriesKey: InjectionKey<PastSeries> = Symbol('past series');

export function usePastSeries(): PastSeries {
  const past = inject(pastSeriesKey);
  if (past === undefined) throw new Error('usePastSeries() was called outside the app');
  return past;
}
