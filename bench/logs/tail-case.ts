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
import { cpuSecondsOfLooking, LineLook } from './line-look.ts';
import type { Tailer, TailResult } from './tail-result.ts';

const [tailer, file, count] = [process.argv[2] as Tailer, process.argv[3]!, Number(process.argv[4])];
const seenAll = Promise.withResolvers<void>();
const look = new LineLook(count, () => seenAll.resolve());
const seeLine = (text: string): void => look.see(text);

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

const cpuSeconds = await starts[tailer]();
const cpuBefore = cpuSeconds();
process.stdin.resume();
process.stdout.write('ready\n');
await Promise.race([seenAll.promise, once(process.stdin, 'end')]);
const cpuUsed = cpuSeconds() - cpuBefore;
// In a program of its own the look is not the tailer's.
const cpuOfLook = tailer === 'coreutils' ? 0 : cpuSecondsOfLooking(look.lines);
const result: TailResult = {
  lines: look.lines,
  doubled: look.doubled,
  missing: look.missing,
  cpuSeconds: cpuUsed - cpuOfLook,
  lookSeconds: cpuOfLook,
  p50Ms: look.quantileMs(0.5),
  p99Ms: look.quantileMs(0.99),
  lastAtMs: look.lastAtMs,
  residentBytes: process.memoryUsage.rss(),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
