/**
 * The stream beside its peers: CPU per delivered event, delay and memory of the hub, of a bare node:http broadcaster,
 * of better-sse, of nginx with nchan, and of a broadcaster in C as the machine's own limit. One server at a time on
 * the first CPU, the readers (C) on the second; what counts are ratios within one run. `WATCHLINE_BENCH_CASES` picks
 * cases by their first letter ("AC").
 */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import { measureQuietly, type StreamCase, type StreamFigures } from './stream/measure.ts';
import { compileNative } from './stream/stream-readers.ts';
import { nativeServer, nchanServer, nodeServer, type StartServer } from './stream/stream-server.ts';

interface Bars {
  /** Largest allowed ratio of the hub's CPU per event to the named server's. */
  ratios: Record<string, number>;
  p99Ms?: number;
  cpuMicroseconds?: number;
}

interface Row extends StreamCase {
  hubFlags: string[];
  peers: readonly string[];
  bars: Bars;
}

const allPeers = ['C limit', 'nchan', 'bare node', 'better-sse'] as const;

const table: Row[] = [
  {
    name: 'A 1,000 readers x 10/s x 1 KB',
    readers: 1_000,
    eventsPerSecond: 10,
    payloadBytes: 1_024,
    hubFlags: [],
    peers: allPeers,
    bars: { ratios: { nchan: 0.95, 'better-sse': 0.45 }, p99Ms: 14 },
  },
  {
    name: 'B 5,000 readers x 1/s x 4 KB',
    readers: 5_000,
    eventsPerSecond: 1,
    payloadBytes: 4_096,
    hubFlags: [],
    peers: allPeers,
    bars: { ratios: { nchan: 0.95 }, p99Ms: 65 },
  },
  {
    name: 'C 200 readers x 500/s x 200 B, flush window off',
    readers: 200,
    eventsPerSecond: 500,
    payloadBytes: 200,
    hubFlags: ['--flush-window=0'],
    peers: allPeers,
    bars: { ratios: { nchan: 1 } },
  },
  {
    name: 'D 200 readers x 500/s x 200 B, flush window 20 ms',
    readers: 200,
    eventsPerSecond: 500,
    payloadBytes: 200,
    hubFlags: ['--flush-window=20'],
    peers: [],
    bars: { ratios: {}, cpuMicroseconds: 1, p99Ms: 25 },
  },
];

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const chosen = process.env['WATCHLINE_BENCH_CASES'] ?? (quick ? 'A' : 'ABCD');
  const windowMs = quick ? 2_500 : 10_000;
  const peers = availablePeers();
  const rows: BenchRow[] = [];
  for (const row of table.filter(({ name }) => chosen.includes(name[0]!))) {
    const hub = await measureQuietly(nodeServer('hub.ts', row.hubFlags), row, windowMs);
    rows.push(...hubRows(row, hub));
    for (const name of row.peers) {
      const start = peers.get(name);
      if (start) rows.push(...peerRows(row, name, await measureQuietly(start, row, windowMs), hub));
    }
  }
  return rows;
}

function hubRows({ name, bars }: Row, hub: StreamFigures): BenchRow[] {
  return [
    judged(`${name}: hub CPU per event`, hub.cpuMicroseconds, 'us', bars.cpuMicroseconds),
    judged(`${name}: hub p99`, hub.p99Ms, 'ms', bars.p99Ms),
    plainRow(`${name}: hub bytes per event`, hub.bytesPerEvent, 'B'),
    plainRow(`${name}: hub memory`, hub.residentBytes / 2 ** 20, 'MiB'),
  ];
}

function peerRows({ name, bars }: Row, peer: string, figures: StreamFigures, hub: StreamFigures): BenchRow[] {
  return [
    plainRow(`${name}: ${peer} CPU per event`, figures.cpuMicroseconds, 'us'),
    plainRow(`${name}: ${peer} p99`, figures.p99Ms, 'ms'),
    judged(`${name}: hub / ${peer}`, hub.cpuMicroseconds / figures.cpuMicroseconds, 'x', bars.ratios[peer]),
  ];
}

function judged(name: string, figure: number, unit: string, bar: number | undefined): BenchRow {
  return bar === undefined ? plainRow(name, figure, unit) : barRow(name, figure, unit, bar);
}

/** nginx and gcc may be absent: what cannot run is said on stderr and left out. */
function availablePeers(): Map<string, StartServer> {
  const peers = new Map<string, StartServer>([
    ['bare node', nodeServer('bare-node.ts')],
    ['better-sse', nodeServer('better-sse.ts')],
  ]);
  if (existsSync('/usr/lib/nginx/modules/ngx_nchan_module.so')) peers.set('nchan', nchanServer);
  else console.error('skipped: nchan (Debian package libnginx-mod-nchan is not installed)');
  if (spawnSync('gcc', ['--version']).status === 0)
    peers.set('C limit', nativeServer(compileNative('broadcaster')));
  else console.error('skipped: C limit (gcc is not installed)');
  return peers;
}
