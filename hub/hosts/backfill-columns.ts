/** Samples by columns, as `backfill` events carry them. */
import type { Sample } from '../../shared/schema/sample.ts';
import type { Backfill } from '../../shared/schema/stream.ts';
import { eachSeries } from '../../shared/series.ts';

/** Rows of one event: a page inserts them within a frame. */
const MAX_BACKFILL_ROWS = 60;

/** `samples` of one host, oldest first. What a sample does not know is null. */
export function backfillsOf(host: string, intervalMs: number, samples: readonly Sample[]): Backfill[] {
  const events: Backfill[] = [];
  for (let at = 0; at < samples.length; at += MAX_BACKFILL_ROWS) {
    const rows = samples.slice(at, at + MAX_BACKFILL_ROWS);
    events.push({ host, intervalMs, times: rows.map(({ time }) => time), series: columnsOf(rows) });
  }
  return events;
}

/** The rows of `columns` whose times `isWanted`, in events of the same size. */
export function slicedColumns(columns: Backfill, isWanted: (time: number) => boolean): Backfill[] {
  const wanted = [...columns.times.keys()].filter((row) => isWanted(columns.times[row]!));
  const events: Backfill[] = [];
  for (let at = 0; at < wanted.length; at += MAX_BACKFILL_ROWS) {
    const rows = wanted.slice(at, at + MAX_BACKFILL_ROWS);
    const series: Backfill['series'] = {};
    for (const [key, column] of Object.entries(columns.series)) {
      const values = rows.map((row) => column[row] ?? null);
      if (values.some((value) => value !== null)) series[key] = values;
    }
    events.push({ ...columns, times: rows.map((row) => columns.times[row]!), series });
  }
  return events;
}

function columnsOf(rows: readonly Sample[]): Backfill['series'] {
  const series: Backfill['series'] = {};
  for (const [row, sample] of rows.entries()) {
    eachSeries(sample, (key, value) => {
      if (value !== null) (series[key] ??= rows.map(() => null))[row] = value;
    });
  }
  return series;
}
