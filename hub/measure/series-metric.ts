/**
 * What a series of the wire is called among Prometheus' metrics: base units, shares as ratios from 0 to 1. /metrics and remote write
 * both name by this table, so that what is scraped and what is sent are the same.
 */
import type { Labels } from './exposition.ts';

export interface SeriesMetric {
  /** Without `watchline_`: a family of `metricFamilies`. */
  family: MetricFamily;
  labels: Labels;
  /** What the series' value is multiplied by. */
  scale: number;
}

/** Every family that is made of series, with its help. */
export const metricFamilies = {
  cpu_ratio: 'Share of all CPU time by mode.',
  core_busy_ratio: 'Busy share of one core.',
  cpu_frequency_hertz: 'Mean frequency of the cores.',
  load1: 'Load average over 1 minute.',
  load5: 'Load average over 5 minutes.',
  load15: 'Load average over 15 minutes.',
  pressure_ratio: 'Share of the interval in which some, or all, tasks waited.',
  memory_bytes: 'Physical memory by use.',
  swap_bytes: 'Swap by use.',
  swap_bytes_per_second: 'Traffic with the swap.',
  disk_bytes_per_second: 'Traffic with a block device.',
  disk_operations_per_second: 'Requests that a block device completed.',
  disk_busy_ratio: 'Share of the interval with a request in flight.',
  disk_await_seconds: 'Mean time of a request.',
  disk_queue_length: 'Mean number of requests in flight.',
  network_bytes_per_second: 'Bytes through a network interface.',
  network_packets_per_second: 'Packets through a network interface.',
  network_errors_per_second: 'Errors of a network interface.',
  network_drops_per_second: 'Packets that a network interface dropped.',
  tcp_retransmits_per_second: 'TCP segments sent again.',
  tcp_connections: 'Established TCP connections.',
  context_switches_per_second: 'Context switches.',
  forks_per_second: 'Processes started.',
  processes: 'Processes by state.',
} as const;
export type MetricFamily = keyof typeof metricFamilies;

type Row = readonly [family: MetricFamily, labels: Labels, scale?: number];

const percent = 1 / 100;

const plainSeries: ReadonlyMap<string, Row> = new Map<string, Row>([
  ...['user', 'nice', 'system', 'iowait', 'irq', 'softirq', 'steal', 'idle'].map(
    (mode) => [`cpu.${mode}`, ['cpu_ratio', { mode }, percent]] as const,
  ),
  ['cpu.frequency', ['cpu_frequency_hertz', {}, 1e6]],
  ['load.one', ['load1', {}]],
  ['load.five', ['load5', {}]],
  ['load.fifteen', ['load15', {}]],
  ...['cpu', 'memory', 'io'].flatMap((resource) =>
    ['some', 'full'].map(
      (kind) => [`pressure.${resource}.${kind}`, ['pressure_ratio', { resource, kind }, percent]] as const,
    ),
  ),
  ...['total', 'available', 'used', 'free', 'cached', 'buffers', 'dirty'].map(
    (kind) => [`memory.${kind}`, ['memory_bytes', { kind }]] as const,
  ),
  ['swap.total', ['swap_bytes', { kind: 'total' }]],
  ['swap.used', ['swap_bytes', { kind: 'used' }]],
  ['swap.in', ['swap_bytes_per_second', { direction: 'in' }]],
  ['swap.out', ['swap_bytes_per_second', { direction: 'out' }]],
  ['tcp.retransmits', ['tcp_retransmits_per_second', {}]],
  ['tcp.established', ['tcp_connections', {}]],
  ['kernel.contextSwitches', ['context_switches_per_second', {}]],
  ['kernel.forks', ['forks_per_second', {}]],
  ['kernel.running', ['processes', { state: 'running' }]],
  ['kernel.blocked', ['processes', { state: 'blocked' }]],
]);

const diskSeries: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['read', ['disk_bytes_per_second', { direction: 'read' }]],
  ['write', ['disk_bytes_per_second', { direction: 'write' }]],
  ['readOps', ['disk_operations_per_second', { direction: 'read' }]],
  ['writeOps', ['disk_operations_per_second', { direction: 'write' }]],
  ['utilisation', ['disk_busy_ratio', {}, percent]],
  ['await', ['disk_await_seconds', {}, 1 / 1000]],
  ['queue', ['disk_queue_length', {}]],
]);

const interfaceSeries: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['receive', ['network_bytes_per_second', { direction: 'receive' }]],
  ['transmit', ['network_bytes_per_second', { direction: 'transmit' }]],
  ['receivePackets', ['network_packets_per_second', { direction: 'receive' }]],
  ['transmitPackets', ['network_packets_per_second', { direction: 'transmit' }]],
  // Of both directions: as one sum the wire has them.
  ['errors', ['network_errors_per_second', {}]],
  ['drops', ['network_drops_per_second', {}]],
]);

/** `value` in the metric's unit. Fifteen digits: 35.7 percent are 0.357, and not 0.35700000000000004. */
export function scaled(value: number, scale: number): number {
  return scale === 1 ? value : Number((value * scale).toPrecision(15));
}

/** What was made of a key before: hosts mostly have the same. Past this many they are forgotten at once, since devices come and go. */
const MAX_KNOWN = 4_096;
const known = new Map<string, SeriesMetric | null>();

/** Null: a total of other series, which would count twice in every sum over them, or none that is known here. Of one key it is one object. */
export function seriesMetricOf(key: string): SeriesMetric | null {
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  const metric = metricNamed(key);
  known.set(key, metric);
  return metric;
}

function metricNamed(key: string): SeriesMetric | null {
  const plain = plainSeries.get(key);
  if (plain) return metricOfRow(plain, {});
  const kind = key.slice(0, key.indexOf('.'));
  const last = key.lastIndexOf('.');
  // Names of devices may hold dots themselves: `eth0.100`.
  const device = key.slice(kind.length + 1, Math.max(last, 0));
  if (device === '') return null;
  const field = key.slice(last + 1);
  if (kind === 'core' && field === 'busy')
    return metricOfRow(['core_busy_ratio', { core: device }, percent], {});
  if (kind === 'disk') return metricOfRow(diskSeries.get(field), { device });
  if (kind === 'net') return metricOfRow(interfaceSeries.get(field), { interface: device });
  return null;
}

function metricOfRow(row: Row | undefined, more: Labels): SeriesMetric | null {
  if (row === undefined) return null;
  const [family, labels, scale = 1] = row;
  return { family, labels: { ...more, ...labels }, scale };
}
