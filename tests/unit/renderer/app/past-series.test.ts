/** What charts read of the past, and which questions that costs the hub. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import type { askPast } from '../../../../renderer/app/ask-past.ts';
import { createPastSeries, type PastRequest } from '../../../../renderer/app/past-series.ts';
import type { PastAsk } from '../../../../renderer/app/past-wishes.ts';
import type { HubAnswer } from '../../../../renderer/app/ask-hub.ts';
import { SLOT_BUCKETS, slotStart } from '../../../../renderer/store/past/past-levels.ts';
import { historyProblems } from '../../../../shared/schema/history.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A hub that answers when it is told to: every bucket holds 7. */
function scriptedHub() {
  const asks: (PastAsk & { answer: (stepMs?: number) => void; refuse: (code: string) => void })[] = [];
  const ask: typeof askPast = (asked, onHost) =>
    new Promise<HubAnswer<null>>((resolve) => {
      asks.push({
        ...asked,
        answer(stepMs = asked.level) {
          const [start, end] = [slotStart(asked.level, asked.first), slotStart(asked.level, asked.last + 1)];
          const mean = new Float64Array(Math.ceil((end - start) / stepMs)).fill(7);
          const column = { stepMs, start, mean, min: null, max: null, until: end, isStale: false };
          for (const host of asked.hosts) {
            const columns = new Map(asked.keys.map((key) => [key, column]));
            onHost({ ...asked, host, columns, gaps: [], marks: [] }, { stepMs });
          }
          resolve({ isGood: true, value: null });
        },
        refuse: (code) => resolve({ isGood: false, sentence: 'No.', code }),
      });
    });
  return { asks, ask };
}

let scope = effectScope();
let hub = scriptedHub();
let past = scope.run(() => createPastSeries(hub.ask))!;

beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
  hub = scriptedHub();
  past = scope.run(() => createPastSeries(hub.ask))!;
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

function read(part: Partial<PastRequest> = {}) {
  const from = part.from ?? 0;
  const to = part.to ?? hour;
  return past.window({
    host: 'a',
    keys: ['cpu'],
    from,
    to,
    spanMs: to - from,
    points: 720,
    liveFrom: null,
    ...part,
  });
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('asking', () => {
  test('all charts of a screen ask together, and once', async () => {
    read({ keys: ['cpu.user', 'cpu.idle'] });
    read({ keys: ['memory.used'] });
    read({ keys: ['cpu.user'], host: 'b' });
    await settled();
    expect(hub.asks).toHaveLength(2);
    expect(hub.asks[0]).toMatchObject({
      hosts: ['a'],
      keys: ['cpu.idle', 'cpu.user', 'memory.used'],
      level: 5_000,
    });
    expect(hub.asks[1]).toMatchObject({ hosts: ['b'], keys: ['cpu.user'] });
    const { first, last } = hub.asks[0]!;
    expect(slotStart(5_000, first)).toBeLessThanOrEqual(0);
    expect(slotStart(5_000, last + 1)).toBeGreaterThanOrEqual(hour);
    read({ keys: ['cpu.user'] });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hub.asks).toHaveLength(2);
  });

  test('hosts that want the same are one question', async () => {
    read({ host: 'a' });
    read({ host: 'b' });
    await settled();
    expect(hub.asks.map(({ hosts }) => hosts)).toEqual([['a', 'b']]);
  });

  test('what has come is read, not asked for', async () => {
    expect(read().holes).not.toEqual([]);
    await settled();
    const before = past.revision.value;
    hub.asks[0]!.answer();
    await settled();
    expect(past.revision.value).toBeGreaterThan(before);
    expect(read()).toMatchObject({ holes: [], stepMs: 5_000 });
    expect(read({ from: 10 * minute, spanMs: hour }).times[0]).toBeGreaterThan(10 * minute);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hub.asks).toHaveLength(1);
  });

  test('a hasty journey leaves no queue behind', async () => {
    for (let step = 0; step < 60; step++) {
      read({ from: step * 100 * hour, to: step * 100 * hour + hour });
      await vi.advanceTimersByTimeAsync(50);
    }
    const under = hub.asks.length;
    expect(under).toBeLessThanOrEqual(2);
    for (let answered = 0; answered < hub.asks.length; answered++) {
      hub.asks[answered]!.answer();
      await settled();
    }
    // The last stop is among what was asked, and of the others only the newest.
    expect(hub.asks.length).toBeLessThanOrEqual(2 + 6);
    expect(hub.asks.some(({ level, first }) => slotStart(level, first) >= 59 * 100 * hour - hour)).toBe(true);
  });

  test('where nothing so fine is kept the hub is asked for what is, from then on at once', async () => {
    read({ from: 0, to: 5 * minute });
    await settled();
    expect(hub.asks[0]!.level).toBe(1_000);
    hub.asks[0]!.answer(minute);
    await settled();
    // What came is shown, as coarse as it is.
    expect(read({ from: 0, to: 5 * minute })).toMatchObject({ holes: [], stepMs: minute });
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks[1]!.level).toBe(minute);
    hub.asks[1]!.answer();
    await settled();
    read({ from: -20 * hour, to: -20 * hour + 5 * minute });
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks[2]!.level).toBe(minute);
  });
});

describe('change', () => {
  async function hold(): Promise<void> {
    read();
    await settled();
    hub.asks[0]!.answer();
    await settled();
  }

  test('what came late is asked for again, and what was there is shown meanwhile', async () => {
    await hold();
    past.cameLate('a', 10 * minute, 11 * minute);
    expect(read().holes).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    const again = hub.asks[1]!;
    expect(again.last - again.first).toBe(0);
    expect(SLOT_BUCKETS * 5_000 * again.first).toBeLessThanOrEqual(10 * minute);
  });

  test('what came late while it was asked for is asked for again: the answer may be from before', async () => {
    read();
    await settled();
    past.cameLate('a', 10 * minute, 11 * minute);
    past.cameLate('b', 0, 60 * minute);
    hub.asks[0]!.answer();
    await settled();
    read();
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks).toHaveLength(2);
    expect(hub.asks[1]!.last - hub.asks[1]!.first).toBe(0);
    hub.asks[1]!.answer();
    await settled();
    read();
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks).toHaveLength(2);
  });

  test('what was answered before the stream began is asked for again, what is under way is not', async () => {
    await hold();
    past.begin();
    expect(read().holes).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks).toHaveLength(2);
    past.begin();
    hub.asks[1]!.answer();
    await settled();
    read();
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks).toHaveLength(2);
  });

  test('after a new stream all is asked for again; after a new sight nothing of before is shown', async () => {
    await hold();
    past.renew();
    expect(read().holes).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(hub.asks).toHaveLength(2);
    past.clear();
    expect(read().times).toHaveLength(0);
    hub.asks[1]!.answer();
    await settled();
    expect(read().times).toHaveLength(0);
  });
});

describe('trouble', () => {
  test('is told, and asked again after a rest as long as somebody looks', async () => {
    read();
    await settled();
    hub.asks[0]!.refuse('history-busy');
    await settled();
    expect(past.trouble.value).toBe('No.');
    read();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hub.asks).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(hub.asks).toHaveLength(2);
    hub.asks[1]!.answer();
    await settled();
    expect(past.trouble.value).toBeNull();
  });

  test('a hub that keeps none is not asked again before its next stream', async () => {
    read();
    await settled();
    hub.asks[0]!.refuse(historyProblems.off);
    await settled();
    expect(read().holes).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.asks).toHaveLength(1);
    past.renew();
    read();
    await settled();
    expect(hub.asks).toHaveLength(2);
  });

  test('only what takes long is called slow', async () => {
    read();
    await vi.advanceTimersByTimeAsync(100);
    expect(past.isSlow.value).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(past.isSlow.value).toBe(true);
    hub.asks[0]!.answer();
    await settled();
    expect(past.isSlow.value).toBe(false);
  });
});
