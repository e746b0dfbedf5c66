/** One answer of a node_exporter as a reading: counters and gauges as `collect/` delivers them, so that one place makes rates of both. */
import { factsByName } from '../../../collect/metrics/linux/disks.ts';
import {
  cpuModes,
  type CpuReading,
  type CpuTimes,
  type DiskCounters,
  type InterfaceCounters,
  type InterfaceKind,
  type MemoryReading,
  type PressureTotals,
  type Reading,
} from '../../../collect/metrics/reading.ts';
import type { NodeMetrics } from './node-metrics.ts';

/** As many as a sample carries. */
const MAX_CORES = 4096;
const MAX_DEVICES = 1024;
const MAX_DEVICE_NAME = 64;

/** Architectures whose pages are of 4 KiB whatever the kernel: swapping is counted in pages. */
const pagesOf4Kibibytes = new Set(['x86_64', 'i686', 'i386', 'amd64']);

/** Null: it is none of a node_exporter, which tells CPU times and memory whatever else is switched off. */
export function readingOf(metrics: NodeMetrics): Reading | null {
  const cpu = cpuOf(metrics);
  const memory = memoryOf(metrics);
  if (cpu === null || memory === null) return null;
  return {
    cpu,
    memory,
    frequencyMhz: frequencyOf(metrics),
    load: loadOf(metrics),
    pressure: pressureOf(metrics),
    disks: disksOf(metrics),
    interfaces: interfacesOf(metrics),
    tcp: tcpOf(metrics),
    kernel: kernelOf(metrics),
  };
}

function cpuOf(metrics: NodeMetrics): CpuReading | null {
  const cores: (CpuTimes | null)[] = [];
  const machine: CpuTimes = new Float64Array(cpuModes.length);
  for (const { labels, value } of metrics.rows('node_cpu_seconds_total')) {
    const mode = cpuModes.findIndex((name) => name === labels.get('mode'));
    const core = Number(labels.get('cpu') ?? NaN);
    if (mode < 0 || !Number.isInteger(core) || core < 0 || core >= MAX_CORES || !(value >= 0)) continue;
    // Offline cores have no rows: their places stay, so that a core keeps its number.
    while (cores.length <= core) cores.push(null);
    (cores[core] ??= new Float64Array(cpuModes.length))[mode] = value;
    machine[mode]! += value;
  }
  return cores.length === 0 ? null : { machine, cores };
}

/** Linux tells what /proc/meminfo does; macOS and FreeBSD have names of their own. */
function memoryOf(metrics: NodeMetrics): MemoryReading | null {
  const bytes = (name: string) => metrics.value(`node_memory_${name}_bytes`);
  const total = bytes('MemTotal') ?? bytes('total') ?? bytes('size');
  if (total === null || total <= 0) return null;
  const free = bytes('MemFree') ?? bytes('free') ?? 0;
  const buffers = bytes('Buffers') ?? bytes('buffer') ?? 0;
  const cached = (bytes('Cached') ?? bytes('cache') ?? 0) + (bytes('SReclaimable') ?? 0);
  const reusable = (bytes('inactive') ?? 0) + (bytes('purgeable') ?? 0) + (bytes('laundry') ?? 0);
  const swapTotal = bytes('SwapTotal') ?? bytes('swap_total') ?? 0;
  const pageBytes = pagesOf4Kibibytes.has(metrics.label('node_uname_info', 'machine') ?? '') ? 4096 : null;
  const swapped = (name: string) => {
    const pages = metrics.value(name);
    return pages === null || pageBytes === null ? null : pages * pageBytes;
  };
  return {
    totalBytes: total,
    availableBytes: Math.min(total, bytes('MemAvailable') ?? free + buffers + cached + reusable),
    freeBytes: free,
    cachedBytes: cached,
    buffersBytes: buffers,
    dirtyBytes: bytes('Dirty'),
    swapTotalBytes: swapTotal,
    swapFreeBytes: bytes('SwapFree') ?? Math.max(0, swapTotal - (bytes('swap_used') ?? 0)),
    swappedInBytes: swapped('node_vmstat_pswpin'),
    swappedOutBytes: swapped('node_vmstat_pswpout'),
  };
}

function frequencyOf(metrics: NodeMetrics): number | null {
  const hertz = [
    ...metrics.by('node_cpu_scaling_frequency_hertz', 'cpu').values(),
    ...metrics.by('node_cpu_frequency_hertz', 'cpu').values(),
  ];
  return hertz.length === 0 ? null : hertz.reduce((sum, value) => sum + value, 0) / hertz.length / 1e6;
}

function loadOf(metrics: NodeMetrics): Reading['load'] {
  const [one, five, fifteen] = ['1', '5', '15'].map((minutes) => metrics.value(`node_load${minutes}`));
  return one == null || five == null || fifteen == null ? null : { one, five, fifteen };
}

function pressureOf(metrics: NodeMetrics): Reading['pressure'] {
  const totals = (resource: string): PressureTotals | null => {
    const microseconds = (kind: string) => {
      const seconds = metrics.value(`node_pressure_${resource}_${kind}_seconds_total`);
      return seconds === null ? null : seconds * 1e6;
    };
    const some = microseconds('waiting');
    return some === null ? null : { some, full: microseconds('stalled') };
  };
  const pressure = { cpu: totals('cpu'), memory: totals('memory'), io: totals('io') };
  return pressure.cpu === null && pressure.memory === null && pressure.io === null ? null : pressure;
}

function disksOf(metrics: NodeMetrics): DiskCounters[] {
  const column = (name: string) => metrics.by(`node_disk_${name}_total`, 'device');
  const [reads, readBytes, readSeconds] = [
    column('reads_completed'),
    column('read_bytes'),
    column('read_time_seconds'),
  ];
  const [writes, writtenBytes, writeSeconds] = [
    column('writes_completed'),
    column('written_bytes'),
    column('write_time_seconds'),
  ];
  const [discards, discardSeconds] = [column('discards_completed'), column('discard_time_seconds')];
  const [busySeconds, weightedSeconds] = [column('io_time_seconds'), column('io_time_weighted_seconds')];
  const milliseconds = (seconds: Map<string, number>, device: string) =>
    Math.round((seconds.get(device) ?? 0) * 1000);
  return devicesOf(readBytes)
    .filter((device) => factsByName(device).isShown)
    .map((device) => ({
      device,
      isPhysical: factsByName(device).isPhysical,
      readBytes: readBytes.get(device)!,
      writeBytes: writtenBytes.get(device) ?? 0,
      reads: reads.get(device) ?? 0,
      writes: writes.get(device) ?? 0,
      discards: discards.get(device) ?? 0,
      readMs: milliseconds(readSeconds, device),
      writeMs: milliseconds(writeSeconds, device),
      discardMs: milliseconds(discardSeconds, device),
      busyMs: milliseconds(busySeconds, device),
      weightedMs: milliseconds(weightedSeconds, device),
    }));
}

function interfacesOf(metrics: NodeMetrics): InterfaceCounters[] {
  const column = (name: string) => metrics.by(`node_network_${name}_total`, 'device');
  const receive = ['bytes', 'packets', 'errs', 'drop'].map((unit) => column(`receive_${unit}`));
  const transmit = ['bytes', 'packets', 'errs', 'drop'].map((unit) => column(`transmit_${unit}`));
  return devicesOf(receive[0]!).map((device) => {
    const of = (columns: Map<string, number>[], at: number) => columns[at]!.get(device) ?? 0;
    return {
      interface: device,
      kind: interfaceKind(device),
      receiveBytes: of(receive, 0),
      receivePackets: of(receive, 1),
      receiveErrors: of(receive, 2),
      receiveDrops: of(receive, 3),
      transmitBytes: of(transmit, 0),
      transmitPackets: of(transmit, 1),
      transmitErrors: of(transmit, 2),
      transmitDrops: of(transmit, 3),
    };
  });
}

/** There is no /sys to ask: by the names that kernels, hypervisors and container engines give. */
export function interfaceKind(name: string): InterfaceKind {
  if (/^lo\d*$/.test(name)) return 'loopback';
  const isVirtual =
    /^(?:veth|docker|br-|br\d|virbr|vmbr|vnet|tap|tun|wg|bond|team|vlan|dummy|ifb|sit|gre|ip6|ipip|erspan|tailscale|cni|flannel|cali|cilium|lxc|lxd|ovs|kube|nodelocaldns|utun|awdl|llw|bridge|gif|stf|anpi|ap\d)|[.@]/.test(
      name,
    );
  return isVirtual ? 'virtual' : 'physical';
}

function devicesOf(column: Map<string, number>): string[] {
  return [...column.keys()]
    .filter((device) => device !== '' && device.length <= MAX_DEVICE_NAME)
    .slice(0, MAX_DEVICES);
}

function tcpOf(metrics: NodeMetrics): Reading['tcp'] {
  const retransmits = metrics.value('node_netstat_Tcp_RetransSegs');
  const established = wholeOrNull(metrics.value('node_netstat_Tcp_CurrEstab'));
  return retransmits === null && established === null ? null : { retransmits, established };
}

function kernelOf(metrics: NodeMetrics): Reading['kernel'] {
  const contextSwitches = metrics.value('node_context_switches_total');
  const forks = metrics.value('node_forks_total');
  if (contextSwitches === null || forks === null) return null;
  return {
    contextSwitches,
    forks,
    processesRunning: wholeOrNull(metrics.value('node_procs_running')) ?? 0,
    processesBlocked: wholeOrNull(metrics.value('node_procs_blocked')) ?? 0,
  };
}

function wholeOrNull(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
