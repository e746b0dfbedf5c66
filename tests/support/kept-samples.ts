/** A history held in memory: every answer is computed from the samples themselves, the plainest way there is. */
import { defaultLadder, type Tier } from '../../hub/history/store/ladder.ts';
import type {
  BucketQuery,
  HistoryReader,
  HostBuckets,
  HostExtent,
  KeptProcesses,
  ProcessesQuery,
  SeriesBuckets,
} from '../../hub/history/store/history-reader.ts';

export type KeptPoint = Readonly<{ time: number; values: Readonly<Record<string, number | null>> }>;

export class KeptSamples implements HistoryReader {
  readonly ladder: readonly Tier[];
  trouble: string | null = null;
  readonly points = new Map<string, KeptPoint[]>();
  readonly tables = new Map<string, KeptProcesses[]>();
  /** Of each tier, what was dropped. */
  keptFrom: readonly number[] = [];
  /** What was asked, in order. */
  readonly asked: BucketQuery[] = [];

  constructor(ladder = defaultLadder) {
    this.ladder = ladder;
  }

  /** `cpu.idle` is in every sample. */
  keep(host: string, time: number, values: KeptPoint['values']): void {
    const points = this.points.get(host) ?? [];
    points.push({ time, values: { 'cpu.idle': 50, ...values } });
    this.points.set(host, points);
  }

  buckets(query: BucketQuery, signal: AbortSignal): Promise<HostBuckets> {
    signal.throwIfAborted();
    this.asked.push(query);
    const { host, stepMs } = query;
    const start = Math.floor(query.from / stepMs) * stepMs;
    const length = Math.ceil(query.to / stepMs) - Math.floor(query.from / stepMs);
    const points = (this.points.get(host) ?? [])
      .filter(({ time }) => time >= start && time < start + length * stepMs)
      .sort((a, b) => a.time - b.time);
    const keys = query.series ?? [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
    const series = keys.map((key) => columnOf(key, points, start, stepMs, length));
    const known = series.filter(({ count }) => count.some((each) => each > 0));
    return Promise.resolve({ host, start, stepMs, length, series: known, trouble: null });
  }

  processes({ host, from, to }: ProcessesQuery): Promise<KeptProcesses[]> {
    return Promise.resolve((this.tables.get(host) ?? []).filter(({ time }) => time >= from && time < to));
  }

  extent(host: string): Promise<HostExtent> {
    const times = (this.points.get(host) ?? []).map(({ time }) => time);
    const { keptFrom } = this;
    if (times.length === 0) return Promise.resolve({ oldest: null, newest: null, keptFrom });
    return Promise.resolve({ oldest: Math.min(...times), newest: Math.max(...times), keptFrom });
  }
}

function columnOf(
  key: string,
  points: readonly KeptPoint[],
  start: number,
  stepMs: number,
  length: number,
): SeriesBuckets {
  const unknown = () => new Float64Array(length).fill(NaN);
  const column: SeriesBuckets = {
    key,
    min: unknown(),
    mean: unknown(),
    max: unknown(),
    count: new Float64Array(length),
    last: unknown(),
  };
  for (let at = 0; at < length; at++) {
    const from = start + at * stepMs;
    const values = points
      .filter(({ time }) => time >= from && time < from + stepMs)
      .flatMap((point) => point.values[key] ?? []);
    if (values.length === 0) continue;
    column.count[at] = values.length;
    column.min[at] = Math.min(...values);
    column.max[at] = Math.max(...values);
    column.mean[at] = values.reduce((sum, value) => sum + value) / values.length;
    column.last[at] = values.at(-1)!;
  }
  return column;
}
