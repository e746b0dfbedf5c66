/** What the page asks of a real archive for a mark of skipped lines, and what becomes of the mark. */
import { afterEach, expect, test, vi } from 'vitest';
import { fillGap } from '../../renderer/screens/logs/fill-gap.ts';
import { findMissing } from '../../renderer/screens/logs/missing-lines.ts';
import { LogStore } from '../../renderer/store/log-store.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

afterEach(() => vi.unstubAllGlobals());

interface Told {
  id: string;
  line: LogLine;
}

/** Lines of this many characters each, numbered from 0, as a reader of the stream got them. */
async function tell(hub: TestHub, count: number, length = 10): Promise<Told[]> {
  hub.sink.describe(observedHost());
  using reader = readStream({ ...hub, query: 'channels=logs' });
  await reader.until('ready');
  const lines: LogLine[] = [];
  for (let index = 0; index < count; index++) {
    const line = logLineOf('web-1', index, { time: 1_000 + index, text: `${index} `.padEnd(length, 'x') });
    hub.sink.observe({ name: 'log', data: line });
    lines.push(line);
    // A few at a time: a reader that falls behind is told a number in their place.
    if (index % 10 === 9 || index === count - 1) await reader.until('log', ({ text }) => text === line.text);
  }
  const told = reader.events.flatMap((event) =>
    event.name === 'log' ? { id: event.id, line: event.data } : [],
  );
  expect(told.map(({ line }) => line.text)).toEqual(lines.map(({ text }) => text));
  return told;
}

/** What a page holds: these lines, and a mark where a number is: of so many lines. `from`, `to`: of what times they are. */
function storeOf(rows: readonly (Told | number)[], times = { from: 0, to: 0 }): LogStore {
  const store = new LogStore({ schedule: (flush) => flush() });
  for (const row of rows) {
    if (typeof row !== 'number') store.append(row.line, row.id);
    else store.gap({ host: 'web-1', channel: 'logs', reason: 'slow-reader', ...times, count: row });
  }
  return store;
}

/** The page's questions go to this hub, as its owner's. */
async function load(hub: TestHub, store: LogStore): Promise<void> {
  vi.stubGlobal('location', new URL('/logs', hub.origin));
  vi.stubGlobal('fetch', (path: string, { signal }: RequestInit) => {
    const headers = { Authorization: `Bearer ${hub.ownerToken}` };
    return realFetch(hub.origin + path, { headers, signal: signal! });
  });
  const number = numbersOf(store).find((at) => store.rows.at(at)!.kind === 'gap')!;
  const missing = await findMissing(store, number, 'unclear', new AbortController().signal);
  expect(missing).toMatchObject({ isFound: true });
  if (missing.isFound) fillGap(store, number, missing);
}
const realFetch = fetch;

/** Numbers of lines, and marks. */
function shown(store: LogStore): (number | string)[] {
  return numbersOf(store).map((at) => {
    const row = store.rows.at(at)!;
    if (row.kind === 'line') return Number.parseInt(row.line.text, 10);
    return row.kind === 'gap' ? `${row.isLost ? 'lost' : 'skipped'} ${row.count}` : row.kind;
  });
}

function numbersOf({ rows }: LogStore): number[] {
  return Array.from({ length: rows.size }, (_, at) => rows.first + at);
}

test('lines that were skipped are loaded; what the hub keeps no more of stays a mark', async () => {
  await using hub = await startTestHub();
  const told = await tell(hub, 12);
  const whole = storeOf([told[0]!, told[1]!, 3, told[2]!, told[6]!]);
  await load(hub, whole);
  expect(shown(whole)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const rest = storeOf([...told.slice(0, 9), 5, told[9]!]);
  await load(hub, rest);
  expect(shown(rest)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 'lost 3', 9, 10, 11]);

  // No line is left before it: the first that the hub keeps are others.
  const first = storeOf([3, told[9]!], { from: 1_006, to: 1_008 });
  await load(hub, first);
  expect(shown(first)).toEqual([6, 7, 8, 9]);

  // Of a start of the hub of which nothing is kept.
  const gone = told.map(({ line }, at) => ({ id: `0123456789-${at + 1}`, line }));
  const old = storeOf([gone[0]!, 2, gone[3]!, told[11]!]);
  await load(hub, old);
  expect(shown(old)).toEqual([0, 'lost 2', 3, 11]);
});

test('where more than one answer of what follows a mark is held, what is missing is found behind it', async () => {
  await using hub = await startTestHub();
  const told = await tell(hub, 150, 60_000);
  const store = storeOf([told[0]!, 2, ...told.slice(1, 147), told[149]!]);
  await load(hub, store);
  expect(shown(store)).toEqual(told.map((_, at) => at));
});
