/** What an answer of a node_exporter tells besides a sample: which machine it is, how full its filesystems are, how warm it is. */
import { shownMounts } from '../../../collect/metrics/linux/mounts.ts';
import type { Inventory } from '../../../shared/schema/host.ts';
import type { Filesystems, Sensors } from '../../../shared/schema/slow-tiers.ts';
import { keyOf, type NodeMetrics } from './node-metrics.ts';

/** As many as the contract carries. */
const MAX_INTERFACES = 256;
const MAX_MOUNTS = 512;
const MAX_TEMPERATURES = 512;
const MAX_FANS = 128;

/** As Node calls them. */
const architectures: Record<string, string> = {
  x86_64: 'x64',
  amd64: 'x64',
  aarch64: 'arm64',
  i686: 'ia32',
  i386: 'ia32',
};

/** `coreCount` and `memoryBytes` of its reading. */
export function inventoryOf(metrics: NodeMetrics, coreCount: number, memoryBytes: number): Inventory {
  const uname = (label: string) => metrics.label('node_uname_info', label) ?? '';
  const machine = uname('machine');
  const os = metrics.label('node_os_info', 'pretty_name') ?? metrics.label('node_os_info', 'name');
  return {
    platform: uname('sysname').toLowerCase().slice(0, 32),
    os: (os ?? uname('sysname')).slice(0, 256),
    kernel: uname('release').slice(0, 256),
    architecture: (architectures[machine] ?? machine).slice(0, 32),
    cpuModel: metrics.label('node_cpu_info', 'model_name')?.slice(0, 256) ?? null,
    coreCount: Math.max(1, coreCount),
    memoryBytes: Math.round(memoryBytes),
    virtualisation: null,
    bootTime: Math.round((metrics.value('node_boot_time_seconds') ?? 0) * 1000),
    interfaces: interfacesOf(metrics),
  };
}

function interfacesOf(metrics: NodeMetrics): Inventory['interfaces'] {
  const speeds = metrics.by('node_network_speed_bytes', 'device');
  return metrics
    .rows('node_network_info')
    .flatMap(({ labels }) => {
      const device = labels.get('device') ?? '';
      if (device === '' || device.length > 64) return [];
      const bytesPerSecond = speeds.get(device) ?? 0;
      return {
        interface: device,
        addresses: [],
        mac: labels.get('address')?.slice(0, 32) || null,
        // Negative where the link is down or virtual.
        speedBitsPerSecond: bytesPerSecond > 0 ? bytesPerSecond * 8 : null,
      };
    })
    .slice(0, MAX_INTERFACES);
}

export function mountsOf(metrics: NodeMetrics): Filesystems['mounts'] {
  const place = ['device', 'mountpoint', 'fstype'];
  const column = (name: string) => metrics.byAll(`node_filesystem_${name}`, place);
  const [free, available, readOnly] = [column('free_bytes'), column('avail_bytes'), column('readonly')];
  const [files, filesFree] = [column('files'), column('files_free')];
  const mounts = metrics.rows('node_filesystem_size_bytes').flatMap(({ labels, value: totalBytes }) => {
    const [device = '', mount = '', type = ''] = place.map((name) => labels.get(name));
    if (
      !(totalBytes > 0) ||
      mount === '' ||
      mount.length > 4096 ||
      device.length > 4096 ||
      type.length > 64
    ) {
      return [];
    }
    const key = keyOf(labels, place);
    const inodes = files.get(key) ?? 0;
    return {
      mount,
      device,
      type,
      totalBytes,
      usedBytes: Math.max(0, totalBytes - (free.get(key) ?? 0)),
      availableBytes: Math.max(0, available.get(key) ?? free.get(key) ?? 0),
      inodesTotal: inodes > 0 ? inodes : null,
      inodesUsed: inodes > 0 ? Math.max(0, inodes - (filesFree.get(key) ?? 0)) : null,
      isReadOnly: readOnly.get(key) === 1,
    };
  });
  return shownMounts(mounts).slice(0, MAX_MOUNTS);
}

export function sensorsOf(metrics: NodeMetrics): Omit<Sensors, 'host' | 'time'> {
  const place = ['chip', 'sensor'];
  const critical = metrics.byAll('node_hwmon_temp_crit_celsius', place);
  const names = sensorNames(metrics);
  const temperatures = metrics.rows('node_hwmon_temp_celsius').flatMap(({ labels, value }) => {
    const limit = critical.get(keyOf(labels, place)) ?? 0;
    if (!Number.isFinite(value)) return [];
    // Some chips say 0 or an absurd number for "none".
    return { label: names(labels), celsius: value, criticalCelsius: limit > 0 && limit < 250 ? limit : null };
  });
  // Thermal zones show again as hwmon chips where both exist.
  if (temperatures.length === 0) temperatures.push(...thermalZones(metrics));
  const fans = metrics
    .rows('node_hwmon_fan_rpm')
    .flatMap(({ labels, value }) =>
      value >= 0 && Number.isFinite(value) ? { label: names(labels), rpm: value } : [],
    );
  return {
    temperatures: temperatures.slice(0, MAX_TEMPERATURES),
    fans: fans.slice(0, MAX_FANS),
    battery: batteryOf(metrics),
  };
}

function thermalZones(metrics: NodeMetrics): Sensors['temperatures'] {
  return metrics.rows('node_thermal_zone_temp').flatMap(({ labels, value }) => {
    const label = (labels.get('type') ?? labels.get('zone') ?? '').slice(0, 128);
    return Number.isFinite(value) ? { label, celsius: value, criticalCelsius: null } : [];
  });
}

/** "coretemp Package id 0", where the exporter knows names; else what it has. */
function sensorNames(metrics: NodeMetrics): (labels: ReadonlyMap<string, string>) => string {
  const chips = new Map<string, string>();
  for (const { labels } of metrics.rows('node_hwmon_chip_names')) {
    chips.set(labels.get('chip') ?? '', labels.get('chip_name') ?? '');
  }
  const sensors = new Map<string, string>();
  for (const { labels } of metrics.rows('node_hwmon_sensor_label')) {
    sensors.set(keyOf(labels, ['chip', 'sensor']), labels.get('label') ?? '');
  }
  return (labels) => {
    const chip = labels.get('chip') ?? '';
    const sensor = sensors.get(keyOf(labels, ['chip', 'sensor'])) || labels.get('sensor') || '';
    return `${chips.get(chip) || chip} ${sensor}`.slice(0, 128);
  };
}

function batteryOf(metrics: NodeMetrics): Sensors['battery'] {
  const capacities = [...metrics.by('node_power_supply_capacity', 'power_supply').values()];
  if (capacities.length === 0) return null;
  const mean = capacities.reduce((sum, value) => sum + value, 0) / capacities.length;
  const isCharging = metrics
    .rows('node_power_supply_info')
    .some(({ labels }) => labels.get('status') === 'Charging');
  return { percent: Math.min(100, Math.max(0, mean)), isCharging, secondsRemaining: null };
}
