/** Makes records of what the hub observes: all of it that runs on the main thread, and nothing heavier. */
import { eachSeries } from '../../../../shared/series.ts';
import { eachFilesystemSeries, eachSensorSeries } from '../../../../shared/slow-series.ts';
import type { ProcessRow, Processes } from '../../../../shared/schema/processes.ts';
import type { Sample } from '../../../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../../../shared/schema/slow-tiers.ts';
import type { Recent } from '../../../../shared/schema/stream.ts';
import { HeldReadings } from './held-readings.ts';
import { layoutRecord, processRecord, rowRecord, type Layout } from './records.ts';

/** A process table is kept this often per host. Clocks tick a little early now and then. */
const PROCESSES_EVERY_MS = 10_000;
const EARLY_MS = 250;
/** Rows kept of it: so many by each of CPU, memory and I/O. */
const TOP_ROWS = 15;
/** Layouts of one host that are told apart; machines that come and go with containers have more, and say them again. */
const MAX_LAYOUTS = 4;
/** What was taken is written within this time; a tape that begins later than that needs no layout from before. */
const WRITTEN_MS = 30_000;

/** What stands beside the samples of a host. */
interface Held {
  filesystems: HeldReadings;
  sensors: HeldReadings;
}

export class Recorder {
  readonly #write: (record: Buffer) => void;
  /** Of each host the newest first. */
  readonly #layouts = new Map<string, Layout[]>();
  /** Those that records on their way to the disk may still name. */
  #former: { layout: Layout; until: number }[] = [];
  #lastId = 0;
  readonly #tableTimes = new Map<string, number>();
  readonly #held = new Map<string, Held>();
  #keys: string[] = [];
  #values = new Float64Array(256);
  #count = 0;

  constructor(write: (record: Buffer) => void) {
    this.#write = write;
  }

  sample(sample: Sample): void {
    this.#count = 0;
    eachSeries(sample, this.#put);
    this.#writeRow(sample.host, sample.time, sample.intervalMs);
  }

  /** Written with the samples that follow. */
  filesystems(reading: Filesystems): void {
    this.#heldOf(reading.host).filesystems.take(reading.time, (visit) =>
      eachFilesystemSeries(reading, visit),
    );
  }

  /** Written with the samples that follow. */
  sensors(reading: Sensors): void {
    this.#heldOf(reading.host).sensors.take(reading.time, (visit) => eachSensorSeries(reading, visit));
  }

  /** The rows of `columns` whose times `isWanted`. */
  columns({ host, intervalMs, times, series }: Recent, isWanted: (time: number) => boolean): void {
    for (const [row, time] of times.entries()) {
      if (!isWanted(time)) continue;
      this.#count = 0;
      for (const [key, column] of Object.entries(series)) this.#put(key, column[row] ?? null);
      this.#writeRow(host, time, intervalMs);
    }
  }

  /** One table in ten seconds. A clock that went back begins anew. */
  processes({ host, time, total, running, rows }: Processes): void {
    const before = this.#tableTimes.get(host) ?? -Infinity;
    if (time >= before && time < before + PROCESSES_EVERY_MS - EARLY_MS) return;
    this.#tableTimes.set(host, time);
    this.#write(processRecord({ host, time, total, running, rows: topRows(rows) }));
  }

  /** What a new tape begins with: the layouts that its first records may name. */
  head(now = performance.now()): Buffer {
    this.#former = this.#former.filter(({ until }) => until > now);
    const layouts = [...this.#layouts.values()].flat();
    return Buffer.concat([...this.#former.map(({ layout }) => layout), ...layouts].map(layoutRecord));
  }

  /** The host is not observed any more. */
  forget(host: string): void {
    for (const layout of this.#layouts.get(host) ?? []) this.#retire(layout);
    this.#layouts.delete(host);
    this.#tableTimes.delete(host);
    this.#held.delete(host);
  }

  readonly #put = (key: string, value: number | null): void => {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#keys[this.#count] = key;
    this.#values[this.#count++] = value ?? NaN;
  };

  /** `intervalMs`: between two samples. */
  #writeRow(host: string, time: number, intervalMs: number): void {
    const held = this.#held.get(host);
    held?.filesystems.visit(time, intervalMs, this.#put);
    held?.sensors.visit(time, intervalMs, this.#put);
    this.#write(rowRecord(this.#layoutOf(host).id, time, this.#values, this.#count));
  }

  #heldOf(host: string): Held {
    let held = this.#held.get(host);
    if (held === undefined) {
      held = { filesystems: new HeldReadings(), sensors: new HeldReadings() };
      this.#held.set(host, held);
    }
    return held;
  }

  #layoutOf(host: string): Layout {
    const layouts = this.#layouts.get(host) ?? [];
    const known = layouts.findIndex((layout) => this.#fits(layout));
    if (known === 0) return layouts[0]!;
    const layout =
      known > 0
        ? layouts.splice(known, 1)[0]!
        : { id: ++this.#lastId, host, keys: this.#keys.slice(0, this.#count) };
    layouts.unshift(layout);
    this.#layouts.set(host, layouts);
    if (known === -1) this.#write(layoutRecord(layout));
    if (layouts.length > MAX_LAYOUTS) this.#retire(layouts.pop()!);
    return layout;
  }

  #fits({ keys }: Layout): boolean {
    if (keys.length !== this.#count) return false;
    for (let at = 0; at < keys.length; at++) if (keys[at] !== this.#keys[at]) return false;
    return true;
  }

  #retire(layout: Layout): void {
    this.#former.push({ layout, until: performance.now() + WRITTEN_MS });
  }
}

/** By each of the three the highest; what counts nothing is not among them. */
function topRows(rows: readonly ProcessRow[]): ProcessRow[] {
  const top = new Set<ProcessRow>();
  const ranks: ((row: ProcessRow) => number)[] = [
    ({ cpuPercent }) => cpuPercent,
    ({ residentBytes }) => residentBytes,
    ({ readBytesPerSecond, writeBytesPerSecond }) => (readBytesPerSecond ?? 0) + (writeBytesPerSecond ?? 0),
  ];
  for (const rankOf of ranks) {
    const highest = rows.filter((row) => rankOf(row) > 0).sort((a, b) => rankOf(b) - rankOf(a));
    for (const row of highest.slice(0, TOP_ROWS)) top.add(row);
  }
  return rows.filter((row) => top.has(row));
}
