/** How soon a hub answers a question to its history over HTTP, the whole of it read, while fifty hosts write. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startHub, type RunningHub } from '../../hub/start-hub.ts';
import { MAX_HISTORY_POINTS } from '../../shared/schema/history.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import { observedHost } from '../../tests/support/observations.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';

const hour = 3_600_000;
const day = 24 * hour;
const HOSTS = 50;
const REPEATS = 15;
/** People look at one window and then at the next. */
const PAUSE_MS = 40;

const sixSeries = 'cpu.user,cpu.system,memory.used,disk.read,net.receive,load.one';

/** Milliseconds. */
const questions = [
  { what: 'an hour of 6 series at 1 s', span: hour, points: 3_601, bar: 30 },
  { what: '7 days of 6 series to 1,000 points', span: 7 * day, points: 1_000, bar: 60 },
  { what: '2 years of 6 series to 1,000 points', span: 729 * day, points: 1_000, bar: 60 },
] as const;

/** `dataDir` holds two years of `host-0` up to `now`, in epoch milliseconds. */
export async function answerRows(
  dataDir: string,
  samples: readonly Sample[],
  now: number,
): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const hub = opened.use(
    await startHub({
      version: 'bench',
      host: '127.0.0.1',
      port: 0,
      dataDir,
      pageDir: null,
      allowedHosts: [],
      observers: [],
      historyBytes: 64 * 1024 ** 3,
    }),
  );
  for (let host = 0; host < HOSTS; host++) hub.sink.describe(observedHost(`host-${host}`));
  let second = 0;
  const timer = setInterval(() => {
    const sample = samples[second++ % samples.length]!;
    for (let host = 0; host < HOSTS; host++)
      hub.sink.observe({ name: 'sample', data: { ...sample, host: `host-${host}`, time: Date.now() } });
  }, 1_000);
  opened.defer(() => clearInterval(timer));
  const rows: BenchRow[] = [];
  for (const { what, span, points, bar } of questions) {
    const query = `hosts=host-0&series=${sixSeries}&from=${now - span}&to=${now}&points=${points}`;
    const { ms, kibibytes } = await medianOf(hub, `/api/v1/history?${query}`);
    // And so would an answer without any series.
    if (kibibytes < 4) throw new Error(`The answer with ${what} holds nothing.`);
    rows.push(barRow(`answer, ${what}`, ms, 'ms', bar), plainRow('  its size', kibibytes, 'KiB'));
  }
  const bundle = `hosts=host-0&series=*&from=${now - hour}&to=${now}&points=${MAX_HISTORY_POINTS}`;
  const { ms, kibibytes } = await medianOf(hub, `/api/v1/history?${bundle}&fields=mean,min,max,last,count`);
  const changes = await medianOf(hub, `/api/v1/history/changes?host=host-0&from=${now - hour}&to=${now}`);
  return [
    ...rows,
    plainRow('answer, an hour of all series at 1 s, as in a bundle', ms, 'ms'),
    plainRow('  its size', kibibytes, 'KiB'),
    plainRow('answer, what changed in an hour', changes.ms, 'ms'),
  ];
}

async function medianOf(hub: RunningHub, path: string): Promise<{ ms: number; kibibytes: number }> {
  const times: number[] = [];
  let bytes = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const began = performance.now();
    const response = await fetch(hub.origin + path, {
      headers: { Authorization: `Bearer ${hub.ownerToken}` },
    });
    bytes = (await response.arrayBuffer()).byteLength;
    times.push(performance.now() - began);
    // A refusal would be soon.
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    await sleep(PAUSE_MS);
  }
  return { ms: times.sort((a, b) => a - b)[Math.floor(REPEATS / 2)]!, kibibytes: bytes / 1024 };
}
