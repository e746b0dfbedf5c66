/** What a node_exporter told in one answer, by the names of its metrics. */
import { expositionRows, type ExpositionRow, type ExpositionRows } from './exposition-rows.ts';

/** Of the collectors that are on by default, what becomes part of a sample, or tells what the machine is. */
const wanted =
  /^node_(?:cpu_(?:seconds_total|info|scaling_frequency_hertz|frequency_hertz)|load(?:1|5|15)|memory_\w+|vmstat_pswp(?:in|out)|disk_(?:read_bytes|written_bytes|reads_completed|writes_completed|read_time_seconds|write_time_seconds|io_time_seconds|io_time_weighted_seconds|discards_completed|discard_time_seconds)_total|network_(?:receive|transmit)_(?:bytes|packets|errs|drop)_total|network_(?:info|speed_bytes)|netstat_Tcp_(?:RetransSegs|CurrEstab)|context_switches_total|intr_total|forks_total|procs_(?:running|blocked)|pressure_(?:cpu|memory|io)_(?:waiting|stalled)_seconds_total|filesystem_(?:size|free|avail)_bytes|filesystem_(?:files|files_free|readonly)|hwmon_(?:temp_celsius|temp_crit_celsius|fan_rpm|sensor_label|chip_names)|thermal_zone_temp|power_supply_(?:capacity|info|online)|boot_time_seconds|time_seconds|uname_info|os_info|exporter_build_info)$/;

export class NodeMetrics {
  readonly #rows: ExpositionRows;

  constructor(text: string) {
    this.#rows = expositionRows(text, (name) => wanted.test(name));
  }

  /** All rows of a metric: none where it is not there. */
  rows(name: string): readonly ExpositionRow[] {
    return this.#rows.get(name) ?? [];
  }

  /** Of a metric with one row; null: it is not there, or is no number. */
  value(name: string): number | null {
    return finite(this.#rows.get(name)?.[0]?.value);
  }

  /** A label of a metric's first row; null: there is none, or it is empty. */
  label(name: string, label: string): string | null {
    return this.#rows.get(name)?.[0]?.labels.get(label) || null;
  }

  /** Values by one of the labels; what is no number is left out. */
  by(name: string, label: string): Map<string, number> {
    const values = new Map<string, number>();
    for (const { labels, value } of this.rows(name)) {
      const key = labels.get(label);
      if (key !== undefined && Number.isFinite(value)) values.set(key, value);
    }
    return values;
  }

  /** The same of rows that several labels tell apart. */
  byAll(name: string, labelNames: readonly string[]): Map<string, number> {
    const values = new Map<string, number>();
    for (const { labels, value } of this.rows(name)) {
      if (Number.isFinite(value)) values.set(keyOf(labels, labelNames), value);
    }
    return values;
  }
}

export function keyOf(labels: ReadonlyMap<string, string>, names: readonly string[]): string {
  return names.map((name) => labels.get(name) ?? '').join('\n');
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
