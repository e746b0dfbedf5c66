/**
 * A log of numbered lines at 10,000 a second, rotated in every way, and a tailer that is killed and stopped at random moments: then each
 * number is counted.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempFolder } from '../temp-folder.ts';
import { compressOld, deletions, rotations, type RotatedLog } from './log-rotations.ts';
import { LogsHarvest } from './logs-harvest.ts';

export interface LogsSoakOptions {
  seconds: number;
  /** Default 10,000. */
  linesPerSecond?: number;
  /** Told after each event. */
  onProgress?: (line: string) => void;
}

export interface LogsSoakResult {
  lines: number;
  lost: number[];
  doubled: number[];
  /** Told as lost. */
  gaps: number;
  kills: number;
  stops: number;
  compressed: number;
  /** How often, by way. */
  rotated: Record<string, number>;
}

const WRITER_TICK_MS = 5;
const LONGEST_PEACE_MS = 1_200;
const LONGEST_AWAY_MS = 1_500;
/** Part of its lives in which a tailer comes to its first line. */
const STARTS_IN_PEACE = 0.7;
const START_MS = 15_000;
/** For whatever is still to be read at the end. */
const PATIENCE_MS = 60_000;

const childPath = path.join(import.meta.dirname, 'logs-soak-child.ts');
const writerPath = path.join(import.meta.dirname, '../../unit/collect/logs/support/numbered-writer.ts');

export async function soakLogs(options: LogsSoakOptions): Promise<LogsSoakResult> {
  const { seconds, linesPerSecond = 10_000, onProgress } = options;
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder()).path;
  const logs = path.join(folder, 'logs');
  const spool = path.join(folder, 'spool');
  await mkdir(logs);
  await writeFile(path.join(logs, 'app.log'), '');
  const lines = Math.round(seconds * linesPerSecond);
  const harvest = new LogsHarvest(lines);
  const file = path.join(logs, 'app.log');
  const counts = { kills: 0, stops: 0, compressed: 0 };
  const rotated: Record<string, number> = {};

  let tailer = follow(spool, path.join(logs, '*.log'), harvest);
  opened.defer(() => end(tailer, 'SIGKILL'));
  // At its first start a tailer reads the end of what is there alone.
  while (!harvest.isFollowed) await sleep(10);
  const writer = start([writerPath, file, String(lines), String((linesPerSecond * WRITER_TICK_MS) / 1_000)]);
  opened.defer(() => end(writer, 'SIGKILL'));
  let isWritten = false;
  writer.stdout!.once('data', () => (isWritten = true));
  const log: RotatedLog = { file, signal: (signal) => void writer.kill(signal), harvest };

  const rotate = async (ways: Record<string, (log: RotatedLog) => Promise<void> | void>): Promise<void> => {
    const [name, way] = pick(Object.entries(ways));
    await way(log);
    rotated[name] = (rotated[name] ?? 0) + 1;
    counts.compressed += compressOld(log);
    onProgress?.(`${name}; ${harvest.received} lines so far, the newest ${harvest.newest}`);
  };
  /** Away for a while, in which the log may be rotated. */
  const restart = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    counts[signal === 'SIGKILL' ? 'kills' : 'stops']++;
    await end(tailer, signal);
    if (Math.random() < 0.5) await rotate(rotations);
    await sleep(Math.random() * LONGEST_AWAY_MS);
    const takenBefore = harvest.taken;
    tailer = follow(spool, path.join(logs, '*.log'), harvest);
    // Killed while it starts is one thing; on a busy machine it would be the only one.
    const mayStart = Math.random() < STARTS_IN_PEACE;
    const deadline = performance.now() + START_MS;
    while (mayStart && harvest.taken === takenBefore && !harvest.isComplete && performance.now() < deadline)
      await sleep(10);
    onProgress?.(`${signal}; ${harvest.received} lines so far, the newest ${harvest.newest}`);
  };
  const deeds = [
    () => rotate(rotations),
    () => rotate(rotations),
    () => rotate(deletions),
    () => restart('SIGKILL'),
    () => restart('SIGKILL'),
    () => restart('SIGTERM'),
  ];
  while (harvest.newest < 0) await sleep(10);
  for (let i = 0; !isWritten; i++) {
    // Each once, then as it comes.
    await (deeds[i] ?? pick(deeds))();
    await sleep(Math.random() * LONGEST_PEACE_MS);
  }
  const deadline = performance.now() + PATIENCE_MS;
  while (!harvest.isComplete && performance.now() < deadline) await sleep(50);
  // What comes twice comes now.
  await restart('SIGTERM');
  await sleep(1_000);
  return { lines, lost: harvest.lost, doubled: harvest.doubled, gaps: harvest.gaps, rotated, ...counts };
}

function follow(spool: string, glob: string, harvest: LogsHarvest): ChildProcess {
  const child = start([childPath, spool, glob]);
  child.stdin!.on('error', () => undefined);
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line === '.') child.stdin!.write('\n');
    // Cut off by a kill: it was not acknowledged, and comes again.
    else if (line.endsWith('}}')) harvest.take(line);
  });
  return child;
}

function start(args: string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

function pick<Choice>(choices: readonly Choice[]): Choice {
  return choices[Math.floor(Math.random() * choices.length)]!;
}
