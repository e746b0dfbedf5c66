/** Every host's newest sample as Prometheus gauges: base units, shares as ratios from 0 to 1. */
import { hostStatuses } from '../../shared/schema/host.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { HostRecord } from '../hosts/host-registry.ts';
import type { Exposition, Labels } from './exposition.ts';

type Series = readonly (readonly [Labels, number | null])[];

const modes = ['user', 'nice', 'system', 'iowait', 'irq', 'softirq', 'steal', 'idle'] as const;

export function addHostMetrics(out: Exposition, records: readonly HostRecord[]): void {
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
  const alive = records.filter((record) => record.host.status === 'live' && record.sample !== null);
  const gauge = (name: string, help: string, series: (sample: Sample) => Series) => {
    const all = alive.flatMap(({ host, sample }) =>
      series(sample!).map(([labels, value]) => [{ host: host.id, ...labels }, value] as const),
    );
    out.add('gauge', `watchline_${name}`, help, all);
  };
  addProcessorMetrics(gauge);
  addMemoryMetrics(gauge);
  addDeviceMetrics(gauge);
  addFilesystemMetrics(out, records);
  addSensorMetrics(out, records);
}

type AddGauge = (name: string, help: string, series: (sample: Sample) => Series) => void;

function addProcessorMetrics(gauge: AddGauge): void {
  gauge('cpu_ratio', 'Share of all CPU time by mode.', ({ cpu }) =>
    modes.map((mode) => [{ mode }, cpu[mode] / 100]),
  );
  gauge('core_busy_ratio', 'Busy share of one core.', ({ cpu }) =>
    cpu.cores.map((busy, core) => [{ core: String(core) }, busy / 100]),
  );
  gauge('cpu_frequency_hertz', 'Mean frequency of the cores.', ({ cpu }) => [
    [{}, cpu.frequencyMhz === null ? null : cpu.frequencyMhz * 1e6],
  ]);
  gauge('load1', 'Load average over 1 minute.', ({ load }) => [[{}, load?.one ?? null]]);
  gauge('load5', 'Load average over 5 minutes.', ({ load }) => [[{}, load?.five ?? null]]);
  gauge('load15', 'Load average over 15 minutes.', ({ load }) => [[{}, load?.fifteen ?? null]]);
  gauge('pressure_ratio', 'Share of the interval in which some, or all, tasks waited.', ({ pressure }) =>
    (['cpu', 'memory', 'io'] as const).flatMap((resource) =>
      (['some', 'full'] as const).map((kind) => {
        const percent = pressure?.[resource]?.[kind] ?? null;
        return [{ resource, kind }, percent === null ? null : percent / 100] as const;
      }),
    ),
  );
  gauge('uptime_seconds', 'Time since the machine booted.', (sample) => [[{}, sample.uptimeSeconds]]);
  gauge('context_switches_per_second', 'Context switches.', ({ kernel }) => [
    [{}, kernel?.contextSwitchesPerSecond ?? null],
  ]);
  gauge('forks_per_second', 'Processes started.', ({ kernel }) => [[{}, kernel?.forksPerSecond ?? null]]);
  gauge('processes', 'Processes by state.', ({ kernel }) => [
    [{ state: 'running' }, kernel?.processesRunning ?? null],
    [{ state: 'blocked' }, kernel?.processesBlocked ?? null],
  ]);
}

function addMemoryMetrics(gauge: AddGauge): void {
  gauge('memory_bytes', 'Physical memory by use.', ({ memory }) => [
    [{ kind: 'total' }, memory.totalBytes],
    [{ kind: 'available' }, memory.availableBytes],
    [{ kind: 'used' }, memory.usedBytes],
    [{ kind: 'free' }, memory.freeBytes],
    [{ kind: 'cached' }, memory.cachedBytes],
    [{ kind: 'buffers' }, memory.buffersBytes],
    [{ kind: 'dirty' }, memory.dirtyBytes],
  ]);
  gauge('swap_bytes', 'Swap by use.', ({ memory }) => [
    [{ kind: 'total' }, memory.swapTotalBytes],
    [{ kind: 'used' }, memory.swapUsedBytes],
  ]);
  gauge('swap_bytes_per_second', 'Traffic with the swap.', ({ memory }) => [
    [{ direction: 'in' }, memory.swapInBytesPerSecond],
    [{ direction: 'out' }, memory.swapOutBytesPerSecond],
  ]);
}

function addDeviceMetrics(gauge: AddGauge): void {
  gauge('disk_bytes_per_second', 'Traffic with a block device.', ({ disks }) =>
    disks.flatMap(({ device, readBytesPerSecond, writeBytesPerSecond }) => [
      [{ device, direction: 'read' }, readBytesPerSecond] as const,
      [{ device, direction: 'write' }, writeBytesPerSecond] as const,
    ]),
  );
  gauge('disk_operations_per_second', 'Requests that a block device completed.', ({ disks }) =>
    disks.flatMap(({ device, readOpsPerSecond, writeOpsPerSecond }) => [
      [{ device, direction: 'read' }, readOpsPerSecond] as const,
      [{ device, direction: 'write' }, writeOpsPerSecond] as const,
    ]),
  );
  gauge('disk_busy_ratio', 'Share of the interval with a request in flight.', ({ disks }) =>
    disks.map(({ device, utilisationPercent }) => [{ device }, utilisationPercent / 100]),
  );
  gauge('disk_await_seconds', 'Mean time of a request.', ({ disks }) =>
    disks.map(({ device, awaitMs }) => [{ device }, awaitMs === null ? null : awaitMs / 1000]),
  );
  gauge('disk_queue_length', 'Mean number of requests in flight.', ({ disks }) =>
    disks.map(({ device, queueLength }) => [{ device }, queueLength]),
  );
  for (const unit of ['Bytes', 'Packets', 'Errors', 'Drops'] as const) {
    const name = `network_${unit.toLowerCase()}_per_second`;
    gauge(name, `${unit} through a network interface.`, ({ interfaces }) =>
      interfaces.flatMap((net) => [
        [{ interface: net.interface, direction: 'receive' }, net[`receive${unit}PerSecond`]] as const,
        [{ interface: net.interface, direction: 'transmit' }, net[`transmit${unit}PerSecond`]] as const,
      ]),
    );
  }
  gauge('tcp_retransmits_per_second', 'TCP segments sent again.', ({ tcp }) => [
    [{}, tcp?.retransmitsPerSecond ?? null],
  ]);
  gauge('tcp_connections', 'Established TCP connections.', ({ tcp }) => [[{}, tcp?.established ?? null]]);
}

function addFilesystemMetrics(out: Exposition, records: readonly HostRecord[]): void {
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
function addSensorMetrics(out: Exposition, records: readonly HostRecord[]): void {
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
