/**
 * The stream beside its peers: CPU per delivered event, delay and memory of the hub, of a bare node:http broadcaster,
 * of better-sse, of nginx with nchan, and of a broadcaster in C as the machine's own limit. One server at a time on
 * the first CPU, the readers (C) on the second; what counts are ratios within one run. `WATCHLINE_BENCH_CASES` picks
 * cases by their first letter ("AC").
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodings } from '../hub/stream/compression/codec.ts';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import { measureIdle, measureQuietly, type StreamCase, type StreamFigures } from './stream/measure.ts';
import { recordSamples } from './stream/record-samples.ts';
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

/** Long enough for the kernel's buffers to fill, for the ten seconds of patience, and for some time after the cut. */
const STALLED_WINDOW_MS = 40_000;

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
  const chosen = process.env['WATCHLINE_BENCH_CASES'] ?? (quick ? 'A' : 'ABCDEFG');
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
  if (chosen.includes('E')) rows.push(...(await compressionRows(windowMs)));
  if (chosen.includes('F')) rows.push(...(await idleRows(peers, quick ? 1_000 : 5_000)));
  if (chosen.includes('G')) rows.push(...(await stalledRows()));
  return rows;
}

/** Real samples to a thousand readers: plain beside each encoding. */
async function compressionRows(windowMs: number): Promise<BenchRow[]> {
  const name = 'E 1,000 readers x 10/s, real samples';
  const load: StreamCase = {
    name,
    readers: 1_000,
    eventsPerSecond: 10,
    payloadBytes: 1,
    query: 'channels=metrics&recent=0',
    countedAs: 'watchline_hub_events_sent_total{event="sample"}',
  };
  const folder = await mkdtemp(join(tmpdir(), 'watchline-bench-samples-'));
  await using _removed = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const samples = join(folder, 'samples.json');
  await recordSamples(samples);
  const plain = await measureQuietly(nodeServer('hub.ts', [`--samples=${samples}`]), load, windowMs);
  const rows = [
    plainRow(`${name}: plain CPU per event`, plain.cpuMicroseconds, 'us'),
    plainRow(`${name}: plain bytes per event`, plain.bytesPerEvent, 'B'),
  ];
  for (const encoding of encodings) {
    const compressed = await measureQuietly(
      nodeServer('hub.ts', [`--samples=${samples}`, '--compressed']),
      { ...load, acceptEncoding: encoding },
      windowMs,
    );
    const cpu = compressed.cpuMicroseconds / plain.cpuMicroseconds;
    rows.push(
      plainRow(`${name}: ${encoding} CPU per event`, compressed.cpuMicroseconds, 'us'),
      barRow(`${name}: CPU, ${encoding} / plain`, cpu, 'x', 1.2),
      plainRow(`${name}: ${encoding} bytes per event`, compressed.bytesPerEvent, 'B'),
      barRow(
        `${name}: bytes, ${encoding} / plain`,
        compressed.bytesPerEvent / plain.bytesPerEvent,
        'x',
        0.45,
      ),
      plainRow(`${name}: ${encoding} memory`, compressed.residentBytes / 2 ** 20, 'MiB'),
    );
  }
  return rows;
}

/** Node's young generation grows with the burst of requests and stays: every Node server gets the hub's own flag for it. */
const nodeFlags = ['--max-semi-space-size=1'];

async function idleRows(peers: ReadonlyMap<string, StartServer>, readers: number): Promise<BenchRow[]> {
  const name = `F ${readers.toLocaleString('en')} idle readers`;
  const servers = new Map<string, StartServer>([
    ...peers,
    ['bare node', nodeServer('bare-node.ts', [], nodeFlags)],
    ['better-sse', nodeServer('better-sse.ts', [], nodeFlags)],
  ]);
  const kibibytes = async (start: StartServer) => (await measureIdle(start, readers)) / 1024;
  const hub = await kibibytes(nodeServer('hub.ts', [], nodeFlags));
  const rows = [barRow(`${name}: hub memory per connection`, hub, 'KiB', 6)];
  for (const [peer, start] of servers)
    rows.push(plainRow(`${name}: ${peer} memory per connection`, await kibibytes(start), 'KiB'));
  return [...rows, ...(await secureIdleRows(readers))];
}

/** Once idle in the strict sense, and once as above, where Node's buffer for what is sent comes on top. */
async function secureIdleRows(readers: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [sent, eventsPerSecond, bar] of [
    ['nothing sent', 0.001, 45],
    ['an event a second', 1, undefined],
  ] as const) {
    const name = `F ${readers.toLocaleString('en')} idle readers, TLS, ${sent}`;
    const measure = async (start: StartServer) => (await measureIdle(start, readers, eventsPerSecond)) / 1024;
    const hub = await measure(nodeServer('hub.ts', ['--tls'], nodeFlags));
    const bare = await measure(nodeServer('bare-https.ts', [], nodeFlags));
    rows.push(
      judged(`${name}: hub memory per connection`, hub, 'KiB', bar),
      plainRow(`${name}: bare node memory per connection`, bare, 'KiB'),
      plainRow(`${name}: hub / bare node`, hub / bare, 'x'),
    );
  }
  return rows;
}

/** Large events, so that the kernel's buffers are soon full and the hub feels who does not read. */
async function stalledRows(): Promise<BenchRow[]> {
  const name = 'G 500 healthy readers';
  const load: StreamCase = { name, readers: 500, eventsPerSecond: 10, payloadBytes: 16_384 };
  const start = nodeServer('hub.ts', [], nodeFlags);
  const alone = await measureQuietly(start, load, STALLED_WINDOW_MS);
  const beside = await measureQuietly(start, { ...load, stalled: 500 }, STALLED_WINDOW_MS);
  return [
    plainRow(`${name}: p99 alone`, alone.p99Ms, 'ms'),
    plainRow(`${name}: p99 beside 500 stalled`, beside.p99Ms, 'ms'),
    barRow(`${name}: p99, beside / alone`, beside.p99Ms / alone.p99Ms, 'x', 2),
    plainRow(`${name}: stalled readers that were cut`, beside.stalledCuts, ''),
    barRow(
      `${name}: memory after the cut, beside / alone`,
      beside.residentBytes / alone.residentBytes,
      'x',
      1.15,
    ),
  ];
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
