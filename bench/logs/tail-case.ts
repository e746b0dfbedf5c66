/**
 * One tailer, alone in its process, following one file: it prints "ready", and at the end of its input, or as soon as it has seen every line,
 * what it saw and what that cost, as a line of JSON. Arguments: the tailer, the file, the number of lines.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createAllowList } from '../../collect/logs/file/allow-list.ts';
import { FileSource } from '../../collect/logs/file/file-source.ts';
import { createLogCollector } from '../../collect/logs/log-collector.ts';
import { LineSplitter } from '../../collect/logs/line-splitter.ts';
import { numberAt, NUMBER_AT, NUMBER_DIGITS, STAMP_AT, STAMP_DIGITS } from './numbered-line.ts';
import type { Tailer, TailResult } from './tail-result.ts';

const [tailer, file, count] = [process.argv[2] as Tailer, process.argv[3]!, Number(process.argv[4])];
const times = new Uint8Array(count);
const LATENCY_STEP_MS = 0.1;
/** Lines by how late they were told, in tenths of a millisecond; the last place holds all that were later. */
const latencies = new Uint32Array(100_000);
/** A look at the clock for each would cost more than the line. */
const TIMED_EVERY = 16;
let lines = 0;
let doubled = 0;
let lastAtMs = 0;
const seenAll = Promise.withResolvers<void>();

function seeLine(text: string): void {
  const number = numberAt(text, NUMBER_AT, NUMBER_DIGITS);
  if (!(number < count)) return;
  if (times[number]!++ > 0) {
    doubled++;
    return;
  }
  if (++lines === count) seenAll.resolve();
  if (lines % TIMED_EVERY === 0 || lines === count) timeLine(text);
}

function timeLine(text: string): void {
  lastAtMs = Number(process.hrtime.bigint() / 1000n) / 1000;
  const lateMs = lastAtMs - numberAt(text, STAMP_AT, STAMP_DIGITS) / 1000;
  latencies[Math.max(0, Math.min(latencies.length - 1, Math.floor(lateMs / LATENCY_STEP_MS)))]!++;
}

/** Each resolves, once it follows, to the seconds of CPU that the tailing process has taken. */
const starts: Record<Tailer, () => Promise<() => number>> = {
  async split() {
    const source = new FileSource({
      host: 'bench',
      allowList: createAllowList([file], []),
      backlogBytes: 0,
      rescanMs: 5_000,
      readPauseMs: 10,
      lingerMs: 10_000,
      maxFiles: 256,
      kept: null,
      room: () => null,
      openLines: () => ({ onLine: seeLine, [Symbol.dispose]: () => undefined }),
    });
    await source.start(() => undefined);
    return ownCpuSeconds;
  },
  async parse() {
    const collector = createLogCollector({
      host: 'bench',
      files: [file],
      exclude: [],
      journal: 'off',
      backlogBytes: 0,
    });
    await collector.start((observation) => {
      if (observation.name === 'log') seeLine(observation.data.text);
    });
    return ownCpuSeconds;
  },
  async coreutils() {
    const child = spawn('tail', ['-n', '0', '-F', file], { stdio: ['ignore', 'pipe', 'ignore'] });
    const splitter = new LineSplitter({ onLine: seeLine });
    child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk));
    await once(child, 'spawn');
    process.once('exit', () => child.kill());
    // It says nothing when it has opened the file.
    await delay(500);
    return () => cpuSecondsOf(child.pid!);
  },
  async 'tail-file'() {
    const { default: TailFile } = await import('tail-file');
    const tail = new TailFile(file);
    tail.on('line', seeLine);
    await tail.startP();
    return ownCpuSeconds;
  },
};

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** proc_pid_stat(5), fields 14 and 15, in hundredths of a second. */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function quantileMs(share: number): number {
  const wanted = Math.ceil(lines / TIMED_EVERY) * share;
  let seen = 0;
  const place = latencies.findIndex((number) => (seen += number) >= wanted);
  return (place + 1) * LATENCY_STEP_MS;
}

const cpuSeconds = await starts[tailer]();
const cpuBefore = cpuSeconds();
process.stdin.resume();
process.stdout.write('ready\n');
await Promise.race([seenAll.promise, once(process.stdin, 'end')]);
const cpuUsed = cpuSeconds() - cpuBefore;
const result: TailResult = {
  lines,
  doubled,
  missing: [...times.keys()].filter((number) => times[number] === 0),
  cpuSeconds: cpuUsed,
  p50Ms: quantileMs(0.5),
  p99Ms: quantileMs(0.99),
  lastAtMs,
  residentBytes: process.memoryUsage.rss(),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
