/**
 * Lines through the hub to one reader: a process writes them to a file, the built hub follows it, keeps them and streams them, a reader
 * counts. Nothing may be missing at a pace that is to be sustained, nor where a file grows faster than the hub can follow, which then comes
 * later; what a reader is too slow for is counted in gaps.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hubNodeFlags } from '../../cli/launcher/node-flags.mjs';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { stop } from '../page-hub.ts';
import { cpuNanoseconds, residentBytes } from '../process-cost.ts';
import { LineCount } from './line-count.ts';

const command = path.join(import.meta.dirname, '..', '..', 'dist', 'cli', 'watchline.cjs');
const writer = path.join(import.meta.dirname, 'line-writer.ts');
const MEBIBYTE = 1024 * 1024;

const SUSTAINED_PER_SECOND = 20_000;
/** More than one core parses, keeps and sends. */
const FLOOD_PER_SECOND = 150_000;
/** A reader who takes so much at most, in bytes: half of what comes. */
const SLOW_BYTES_PER_SECOND = 3_000_000;
/** No line came for so long: none will. */
const QUIET_MS = 3_000;
const LOOK_MS = 250;

/**
 * Memory is flat, in MiB: what a reader who is too slow may take more than one who is not; and what a flood may take more in its last third
 * than in its second.
 */
const BARS = { missing: 0, growthMiB: 64 };

interface Load {
  linesPerSecond: number;
  seconds: number;
  /** Null: the reader takes what comes. */
  readerBytesPerSecond: number | null;
}

interface Passage {
  written: number;
  /** From the first line to the last that came. */
  seconds: number;
  count: LineCount;
  cpuSeconds: number;
  /** As it was looked at, every `LOOK_MS`. */
  memoryMiB: number[];
}

export async function throughRows({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const seconds = quick ? 2 : 60;
  const sustained = { linesPerSecond: SUSTAINED_PER_SECOND, seconds, readerBytesPerSecond: null };
  const even = await passage(sustained);
  const slow = await passage({ ...sustained, readerBytesPerSecond: SLOW_BYTES_PER_SECOND });
  const flood = await passage({ ...sustained, linesPerSecond: FLOOD_PER_SECOND, seconds: quick ? 1 : 20 });
  const inThird = (third: number) => {
    const length = flood.memoryMiB.length / 3;
    return Math.max(...flood.memoryMiB.slice(third * length, (third + 1) * length));
  };
  const cuts = [even, slow, flood].reduce((sum, { count }) => sum + count.cuts, 0);
  const share = (100 * even.cpuSeconds) / even.seconds;
  return [
    barRow('through the hub, 20,000 lines/s: lines that did not come', missing(even), 'lines', BARS.missing),
    plainRow('through the hub, 20,000 lines/s: CPU of the hub', share, '% of one core'),
    plainRow('through the hub, 20,000 lines/s: largest memory', largest(even), 'MiB RSS'),
    plainRow('... to a reader half as fast: left out and counted', slow.count.left, 'lines'),
    barRow('... missing without being counted', missing(slow), 'lines', BARS.missing),
    barRow('... memory more than that', largest(slow) - largest(even), 'MiB', BARS.growthMiB),
    plainRow('... written much faster: came in a second', flood.count.lines / flood.seconds, 'lines/s'),
    barRow('... missing at the end', missing(flood), 'lines', BARS.missing),
    plainRow('... largest memory', largest(flood), 'MiB RSS'),
    // The short one ends before memory has grown to what it needs.
    ...(quick
      ? []
      : [
          barRow(
            '... in its last third more than in its second',
            inThird(2) - inThird(1),
            'MiB',
            BARS.growthMiB,
          ),
        ]),
    plainRow('streams cut in all of it, and taken up by their cursor', cuts, ''),
  ];
}

function largest({ memoryMiB }: Passage): number {
  return Math.max(...memoryMiB);
}

/** Neither came nor counted. */
function missing({ written, count }: Passage): number {
  return Math.abs(written - count.lines - count.left);
}

async function passage({ linesPerSecond, seconds, readerBytesPerSecond }: Load): Promise<Passage> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'app.log');
  await writeFile(file, '');
  const hub = await startHub(folder, file, opened);
  const count = await openReader(hub, readerBytesPerSecond, opened);

  const lines = linesPerSecond * seconds;
  const child = spawn(process.execPath, [writer, file, String(lines), String(linesPerSecond)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  opened.defer(() => stop(child));
  const startedAt = performance.now();
  const memoryMiB: number[] = [];
  let [cpu, quietSince, seen] = [cpuNanoseconds(hub.pid), performance.now(), 0];
  for (;;) {
    await sleep(LOOK_MS);
    memoryMiB.push(residentBytes(hub.pid) / MEBIBYTE);
    const told = count.lines + count.left;
    if (told !== seen) quietSince = performance.now();
    seen = told;
    if (told >= lines || performance.now() - quietSince > QUIET_MS) break;
  }
  cpu = cpuNanoseconds(hub.pid) - cpu;
  return {
    written: lines,
    seconds: (quietSince - startedAt) / 1_000,
    count,
    cpuSeconds: cpu / 1e9,
    memoryMiB,
  };
}

interface BenchHub {
  pid: number;
  port: number;
  token: string;
}

async function startHub(folder: string, file: string, opened: AsyncDisposableStack): Promise<BenchHub> {
  if (!existsSync(command)) throw new Error('This bench needs a build: run "npm run build" first.');
  const words = ['hub', '--port', '0', '--data', path.join(folder, 'data'), '--no-journal', '--logs', file];
  const child = spawn(process.execPath, [...hubNodeFlags, command, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  opened.defer(() => stop(child));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  for (;;) {
    const [, token, port] = /Bearer (\S+)" http:\/\/127\.0\.0\.1:(\d+)\//.exec(printed) ?? [];
    if (token !== undefined) return { pid: child.pid!, port: Number(port), token };
    if (child.exitCode !== null) throw new Error(`The hub ended before it printed its address: ${printed}`);
    await sleep(20);
  }
}

/** Resolves when the stream is live and the file is followed. A stream that is cut is taken up where it was, as readers do. */
async function openReader(
  { port, token }: BenchHub,
  bytesPerSecond: number | null,
  opened: AsyncDisposableStack,
): Promise<LineCount> {
  const count = new LineCount();
  let request: ClientRequest | null = null;
  let isOver = false;
  opened.defer(() => {
    isOver = true;
    request?.destroy();
  });
  connect();
  while (!count.isFollowing) await sleep(20);
  return count;

  function connect(): void {
    const cursor = count.newestId === '' ? {} : { 'Last-Event-ID': count.newestId };
    request = get({
      port,
      path: '/api/v1/stream?channels=logs,state',
      agent: false,
      headers: { Authorization: `Bearer ${token}`, ...cursor },
    });
    request.on('response', take).on('error', () => undefined);
    request.on('close', () => {
      if (isOver) return;
      count.cuts++;
      connect();
    });
  }

  function take(answer: IncomingMessage): void {
    count.begin();
    answer
      .on('error', () => undefined)
      .on('data', (bytes: Buffer) => {
        count.take(bytes);
        if (bytesPerSecond === null) return;
        answer.pause();
        setTimeout(() => answer.resume(), (1_000 * bytes.length) / bytesPerSecond);
      });
  }
}
