/** What is to be written of one host: from the recent ring where that reaches back far enough, else from the history. */
import { MAX_RECENT_SECONDS } from '../../../shared/protocol.ts';
import type { HostRecord } from '../../hosts/host-record.ts';
import type { HistoryReader } from '../../history/store/history-reader.ts';
import { finestTierAt } from '../../history/store/ladder.ts';
import { scaled, seriesMetricOf } from '../../measure/series-metric.ts';
import { meansOf, meansOfBuckets, type MeanColumns } from './mean-columns.ts';
import type { WrittenSeries } from './written-series.ts';

/** The ring's oldest row goes while it is read. */
const RING_MS = (MAX_RECENT_SECONDS - 30) * 1000;

export interface HostRowsParts {
  /** Null: none is kept. */
  history: () => HistoryReader | null;
  /** When this hub started, in epoch milliseconds: its rings hold nothing from before. */
  startedAt: number;
}

export interface HostRows {
  columns: MeanColumns;
  /** How far they reach, which is `to` or somewhat less. */
  until: number;
}

/** From `from` until `to`, both whole multiples of `stepMs`. Rejects as a `HistoryReader` does. */
export async function hostRows(
  { host, recent }: HostRecord,
  from: number,
  to: number,
  stepMs: number,
  { history, startedAt }: HostRowsParts,
  signal: AbortSignal,
): Promise<HostRows> {
  const now = Date.now();
  const reader = history();
  const isInRing = from >= startedAt && now - from < RING_MS;
  if (isInRing || reader === null) {
    const seconds = ((host.lastSeen ?? now) - from) / 1000 + 1;
    return { columns: meansOf(recent.read(host.id, host.intervalMs, seconds), from, to, stepMs), until: to };
  }
  const { keptFrom } = await reader.extent(host.id, signal);
  const wideMs = historyStep(stepMs, finestTierAt(reader.ladder, from, now, keptFrom).stepMs);
  // Whole buckets, so that what follows begins where they end.
  const until = Math.max(Math.floor(to / wideMs) * wideMs, from + stepMs);
  const query = { host: host.id, series: null, from, to: until, stepMs: wideMs };
  return { columns: meansOfBuckets(await reader.buckets(query, signal), from, until), until };
}

/** The shortest multiple of the wanted step that the tier's buckets make up: what is older than a day is kept by 10 s, so 15 s become 30. */
export function historyStep(stepMs: number, tierMs: number): number {
  let step = Math.max(stepMs, tierMs);
  while (step % stepMs !== 0 || step % tierMs !== 0) step += Math.max(stepMs, tierMs);
  return step;
}

/** A mean stands at its step's end, when all of it was known. */
export function writtenSeriesOf(host: string, columns: MeanColumns): WrittenSeries[] {
  const { start, stepMs } = columns;
  const written: WrittenSeries[] = [];
  for (const [key, means] of columns.series) {
    const metric = seriesMetricOf(key);
    if (metric === null) continue;
    const times: number[] = [];
    const values: number[] = [];
    for (let step = 0; step < means.length; step++) {
      if (Number.isNaN(means[step])) continue;
      times.push(start + (step + 1) * stepMs);
      values.push(scaled(means[step]!, metric.scale));
    }
    if (times.length === 0) continue;
    written.push({
      labels: { __name__: `watchline_${metric.family}`, host, ...metric.labels },
      times,
      values,
    });
  }
  return written;
}
