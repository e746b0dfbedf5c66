/** Every host's newest sample as Prometheus gauges: base units, shares as ratios from 0 to 1. */
import { hostStatuses } from '../../shared/schema/host.ts';
import { eachSeries } from '../../shared/series.ts';
import type { HostRecord } from '../hosts/host-registry.ts';
import type { Labels, MetricSink } from './exposition.ts';
import { metricFamilies, scaled, seriesMetricOf, type MetricFamily } from './series-metric.ts';

type Series = (readonly [Labels, number | null])[];

export function addHostMetrics(out: MetricSink, records: readonly HostRecord[]): void {
  addPresentMetrics(out, records);
  addSampleMetrics(
    out,
    records.filter(({ host, sample }) => host.status === 'live' && sample !== null),
  );
}

/** What is told by its newest value, however old that is: it is in no sample. */
export function addPresentMetrics(out: MetricSink, records: readonly HostRecord[]): void {
  out.add(
    'gauge',
    'watchline_host_status',
    'Status of the host: 1 for the one it has.',
    records.flatMap(statusOf),
  );
  out.add(
    'gauge',
    'watchline_host_last_seen_seconds',
    'Time of the newest sample, since the epoch.',
    records.map(lastSeenOf),
  );
  out.add('gauge', 'watchline_uptime_seconds', 'Time since the machine booted.', records.map(uptimeOf));
  addFilesystemMetrics(out, records);
  addSensorMetrics(out, records);
}

function addSampleMetrics(out: MetricSink, alive: readonly HostRecord[]): void {
  const families = new Map<MetricFamily, Series>();
  for (const { host, sample } of alive) {
    eachSeries(sample!, (key, value) => {
      const metric = seriesMetricOf(key);
      if (metric === null || value === null) return;
      const series = families.get(metric.family) ?? [];
      series.push([{ host: host.id, ...metric.labels }, scaled(value, metric.scale)]);
      families.set(metric.family, series);
    });
  }
  for (const [family, series] of families) {
    out.add('gauge', `watchline_${family}`, metricFamilies[family], series);
  }
}

function addFilesystemMetrics(out: MetricSink, records: readonly HostRecord[]): void {
  const mounts = records.flatMap(({ host, filesystems }) =>
    (filesystems?.mounts ?? []).map((mount) => ({ ...mount, labels: { host: host.id, mount: mount.mount } })),
  );
  out.add(
    'gauge',
    'watchline_filesystem_bytes',
    'Space of a filesystem.',
    mounts.flatMap((mount) => [
      [{ ...mount.labels, kind: 'total' }, mount.totalBytes] as const,
      [{ ...mount.labels, kind: 'used' }, mount.usedBytes] as const,
      [{ ...mount.labels, kind: 'available' }, mount.availableBytes] as const,
    ]),
  );
  out.add(
    'gauge',
    'watchline_filesystem_inodes',
    'Inodes of a filesystem.',
    mounts.flatMap((mount) => [
      [{ ...mount.labels, kind: 'total' }, mount.inodesTotal] as const,
      [{ ...mount.labels, kind: 'used' }, mount.inodesUsed] as const,
    ]),
  );
}

/** Labels of sensors repeat on some machines: their place in the list tells them apart. */
function addSensorMetrics(out: MetricSink, records: readonly HostRecord[]): void {
  const temperatures = records.flatMap(({ host, sensors }) =>
    (sensors?.temperatures ?? []).map(
      ({ label, celsius }, place) =>
        [{ host: host.id, sensor: label, place: String(place) }, celsius] as const,
    ),
  );
  const fans = records.flatMap(({ host, sensors }) =>
    (sensors?.fans ?? []).map(
      ({ label, rpm }, place) => [{ host: host.id, fan: label, place: String(place) }, rpm] as const,
    ),
  );
  out.add('gauge', 'watchline_temperature_celsius', 'Temperature of a sensor.', temperatures);
  out.add('gauge', 'watchline_fan_rpm', 'Speed of a fan.', fans);
}

function statusOf({ host }: HostRecord): (readonly [Labels, number])[] {
  return hostStatuses.map(
    (status) => [{ host: host.id, name: host.name, status }, host.status === status ? 1 : 0] as const,
  );
}

function lastSeenOf({ host }: HostRecord): readonly [Labels, number | null] {
  return [{ host: host.id }, host.lastSeen === null ? null : host.lastSeen / 1000];
}

function uptimeOf({ host, sample }: HostRecord): readonly [Labels, number | null] {
  return [{ host: host.id }, host.status === 'live' ? (sample?.uptimeSeconds ?? null) : null];
}
