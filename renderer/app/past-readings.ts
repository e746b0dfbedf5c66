/** Filesystems and sensors of a moment, put together from their series: what an answer of the history says of them. */
import type { HistoryRecord } from '../../shared/schema/history.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';
import type { SeriesVisitor } from '../../shared/series.ts';
import {
  eachFilesystemSeries,
  eachSensorSeries,
  slowSeriesOf,
  type SlowSeries,
} from '../../shared/slow-series.ts';

/**
 * As they were last before `before`, in epoch milliseconds; null: nothing is known. `like`: of another time, by which the device and the type of
 * a mount are known that is still there.
 */
export function filesystemsAt(
  records: readonly HistoryRecord[],
  host: string,
  before: number,
  like: Filesystems | null,
): Filesystems | null {
  const newest = newestValues(records, host, before, ['filesystem']);
  if (newest === null) return null;
  const known = byKey(like?.mounts ?? [], (visit) => eachFilesystemSeries({ mounts: like!.mounts }, visit));
  const mounts = [...newest.values].flatMap(([key, totalBytes]) => {
    const series = slowSeriesOf(key)!;
    if (series.metric !== 'total') return [];
    const valueOf = (metric: string) => newest.values.get(key.slice(0, -'total'.length) + metric) ?? null;
    const same = known.get(key);
    return {
      mount: same?.mount ?? knownName(series),
      device: same?.device ?? '',
      type: same?.type ?? '',
      isReadOnly: same?.isReadOnly ?? false,
      totalBytes,
      usedBytes: valueOf('used') ?? 0,
      availableBytes: valueOf('available') ?? 0,
      inodesTotal: valueOf('inodesTotal'),
      inodesUsed: valueOf('inodesUsed'),
    };
  });
  return { host, time: newest.time, mounts };
}

/** As `filesystemsAt`; of a battery only its charge is kept, so it has none. */
export function sensorsAt(
  records: readonly HistoryRecord[],
  host: string,
  before: number,
  like: Sensors | null,
): Sensors | null {
  const newest = newestValues(records, host, before, ['temperature', 'fan']);
  if (newest === null) return null;
  const known = byKey(like?.temperatures ?? [], (visit) =>
    eachSensorSeries({ temperatures: like!.temperatures, fans: [], battery: null }, visit),
  );
  const sensors: Sensors = { host, time: newest.time, temperatures: [], fans: [], battery: null };
  for (const [key, value] of newest.values) {
    const series = slowSeriesOf(key)!;
    const same = known.get(key);
    const label = same?.label ?? knownName(series);
    const criticalCelsius = same?.criticalCelsius ?? null;
    if (series.kind === 'fan') sensors.fans.push({ label, rpm: value });
    else sensors.temperatures.push({ label, celsius: value, criticalCelsius });
  }
  return sensors;
}

/** Each by the first of its series. */
function byKey<Item>(
  items: readonly Item[],
  eachOf: (visit: SeriesVisitor) => void,
): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>();
  if (items.length === 0) return found;
  eachOf((key) => {
    const metric = slowSeriesOf(key)!.metric;
    if (metric === 'total' || metric === 'celsius') found.set(key, items[found.size]!);
  });
  return found;
}

/** What held in the newest bucket that any of them has. */
function newestValues(
  records: readonly HistoryRecord[],
  host: string,
  before: number,
  kinds: readonly SlowSeries['kind'][],
): { time: number; values: Map<string, number> } | null {
  const begin = records.find((record) => record.kind === 'begin');
  if (begin === undefined) return null;
  const { stepMs } = begin;
  const columns = records
    .filter((record) => record.kind === 'columns')
    .filter((record) => {
      const series = slowSeriesOf(record.series);
      return record.host === host && series !== null && kinds.includes(series.kind);
    });
  const newest = columns.reduce((latest, { start, mean = [] }) => {
    const at = mean.findLastIndex((value, bucket) => value !== null && start + bucket * stepMs < before);
    return at < 0 ? latest : Math.max(latest, start + at * stepMs);
  }, -Infinity);
  if (newest === -Infinity) return null;
  const values = new Map<string, number>();
  for (const { series, start, mean, last } of columns) {
    const value = (last ?? mean)?.[Math.round((newest - start) / stepMs)] ?? null;
    if (value !== null) values.set(series, value);
  }
  return { time: Math.min(newest + stepMs, before), values };
}

/** Several of one name stay in their order, which tells them apart. */
function knownName({ name, isCut }: SlowSeries): string {
  return isCut ? `${name}…` : name;
}
