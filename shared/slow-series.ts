/**
 * Series of what is read every few seconds beside the samples: filesystems and sensors. Their keys are of the form of those in
 * series.ts, `kind.name.metric`; how a mount or a label becomes a name is in slow-names.ts.
 */
import type { Filesystems, Sensors } from './schema/slow-tiers.ts';
import type { SeriesVisitor } from './series.ts';
import { nameInKey, NameCounter, readName } from './slow-names.ts';

/** Calls `visit` for every series of the mounts, in their order. Inodes that are not counted have none. */
export function eachFilesystemSeries({ mounts }: Pick<Filesystems, 'mounts'>, visit: SeriesVisitor): void {
  const names = new NameCounter();
  for (const { mount, totalBytes, usedBytes, availableBytes, inodesTotal, inodesUsed } of mounts) {
    const name = names.next(nameInKey(mount));
    visit(`filesystem.${name}.total`, totalBytes);
    visit(`filesystem.${name}.used`, usedBytes);
    visit(`filesystem.${name}.available`, availableBytes);
    if (inodesTotal !== null) visit(`filesystem.${name}.inodesTotal`, inodesTotal);
    if (inodesUsed !== null) visit(`filesystem.${name}.inodesUsed`, inodesUsed);
  }
}

/** Calls `visit` for every series of the sensors, in their order. */
export function eachSensorSeries(
  { temperatures, fans, battery }: Pick<Sensors, 'temperatures' | 'fans' | 'battery'>,
  visit: SeriesVisitor,
): void {
  const [labels, fanLabels] = [new NameCounter(), new NameCounter()];
  for (const { label, celsius } of temperatures)
    visit(`temperature.${labels.next(nameInKey(label))}.celsius`, celsius);
  for (const { label, rpm } of fans) visit(`fan.${fanLabels.next(nameInKey(label))}.rpm`, rpm);
  if (battery !== null) visit(BATTERY_KEY, battery.percent);
}

const BATTERY_KEY = 'battery.percent';

/** What a key says. */
export interface SlowSeries {
  kind: 'filesystem' | 'temperature' | 'fan' | 'battery';
  /** The mount or the label; empty of a battery. */
  name: string;
  /** From 1: which of several of one name. */
  place: number;
  /** The name was too long for a key: this is its beginning. */
  isCut: boolean;
  /** "used", "celsius" ... */
  metric: string;
}

const slowKey = /^(filesystem|temperature|fan)\.(.*)\.(\w+)$/s;

/** Null: a series of samples, or none that is known here. */
export function slowSeriesOf(key: string): SlowSeries | null {
  if (key === BATTERY_KEY) return { kind: 'battery', name: '', place: 1, isCut: false, metric: 'percent' };
  const [, kind, written, metric] = slowKey.exec(key) ?? [];
  if (kind === undefined) return null;
  return { kind: kind as SlowSeries['kind'], ...readName(written!), metric: metric! };
}

/** The name for people, still to be made visible. */
export function slowNameShown({ name, place, isCut }: SlowSeries): string {
  return `${name}${isCut ? '…' : ''}${place > 1 ? ` (${place})` : ''}`;
}

/**
 * The key with a name that `clean` has gone over, as the series of the cleaned reading have it; a series of samples as it is. Null: only
 * the beginning of the name is known, and nobody can say what of it is to be taken out.
 */
export function cleanedKey(key: string, clean: (text: string) => string): string | null {
  const series = slowSeriesOf(key);
  if (series === null || series.kind === 'battery') return key;
  return series.isCut ? null : keyOf({ ...series, name: clean(series.name) });
}

/**
 * The first of its name that is not `taken`, and takes it: names that were cleaned may have become one, and are told apart as two of one
 * name are. Of series of samples the key itself.
 */
export function freeKey(key: string, taken: Set<string>): string {
  const series = slowSeriesOf(key);
  let free = key;
  if (series !== null && series.kind !== 'battery' && !series.isCut) {
    let { place } = series;
    while (taken.has(free)) free = keyOf({ ...series, place: ++place });
  }
  taken.add(free);
  return free;
}

function keyOf({ kind, name, place, metric }: SlowSeries): string {
  return `${kind}.${new NameCounter(place).next(nameInKey(name))}.${metric}`;
}
