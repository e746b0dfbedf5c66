/** What is wanted of the past, gathered from all charts of a page, as few questions to the hub. */
import { MAX_HISTORY_HOSTS, MAX_HISTORY_KEYS, MAX_HISTORY_POINTS } from '../../shared/schema/history.ts';
import { SLOT_BUCKETS } from '../store/past/past-levels.ts';

/** Slots `first` to `last`, the last one included, of some series of some hosts. */
export interface PastAsk {
  hosts: string[];
  keys: string[];
  level: number;
  first: number;
  last: number;
}

const MAX_SLOTS = Math.floor(MAX_HISTORY_POINTS / SLOT_BUCKETS);

export class PastWishes {
  /** Keys by host, level and slot. */
  readonly #keys = new Map<string, Map<number, Map<number, Set<string>>>>();

  add(host: string, level: number, slot: number, keys: readonly string[]): void {
    const levels = this.#keys.get(host) ?? new Map<number, Map<number, Set<string>>>();
    const slots = levels.get(level) ?? new Map<number, Set<string>>();
    const wanted = slots.get(slot) ?? new Set();
    for (const key of keys) wanted.add(key);
    this.#keys.set(host, levels.set(level, slots.set(slot, wanted)));
  }

  /** All that was wanted, and forgets it. Slots that follow each other are one question, and so are hosts that want the same. */
  take(): PastAsk[] {
    const asks = new Map<string, PastAsk>();
    for (const [host, levels] of this.#keys) {
      for (const [level, slots] of levels) {
        for (const { first, last, keys } of runsOf(slots)) {
          const same = `${level} ${first} ${last} ${keys.join(' ')}`;
          const ask = asks.get(same) ?? { hosts: [], keys, level, first, last };
          ask.hosts.push(host);
          asks.set(same, ask);
        }
      }
    }
    this.#keys.clear();
    return [...asks.values()].flatMap(withinLimits);
  }
}

function* runsOf(
  slots: ReadonlyMap<number, ReadonlySet<string>>,
): Generator<Omit<PastAsk, 'hosts' | 'level'>> {
  let run: Omit<PastAsk, 'hosts' | 'level'> | null = null;
  for (const [slot, wanted] of [...slots].sort(([a], [b]) => a - b)) {
    const keys = [...wanted].sort();
    const follows = run !== null && slot === run.last + 1 && slot - run.first < MAX_SLOTS;
    if (run !== null && follows && keys.join() === run.keys.join()) {
      run.last = slot;
      continue;
    }
    if (run !== null) yield run;
    run = { keys, first: slot, last: slot };
  }
  if (run !== null) yield run;
}

function withinLimits(ask: PastAsk): PastAsk[] {
  return partsOf(ask.hosts, MAX_HISTORY_HOSTS).flatMap((hosts) =>
    partsOf(ask.keys, MAX_HISTORY_KEYS).map((keys) => ({ ...ask, hosts, keys })),
  );
}

function partsOf<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < all.length; start += size) parts.push(all.slice(start, start + size));
  return parts;
}
