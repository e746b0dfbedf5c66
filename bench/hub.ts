/**
 * What a running hub costs: the built one, headless, at 1 Hz with one viewer, with the processes there are and with 400
 * more; beside an empty Node process and one that asks systeminformation once a second, in the same run. Linux only.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hubNodeFlags } from '../cli/launcher/node-flags.mjs';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import { countProcesses, cpuNanoseconds, residentBytes } from './process-cost.ts';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'watchline.cjs');
const MORE_PROCESSES = 400;
const MEBIBYTE = 1024 * 1024;
const BARS = { cpuPercent: 0.5, cpuPercentWithMore: 1.3, residentMebibytes: 60 };

const peers = {
  'peer: empty Node process': 'setInterval(() => {}, 1000)',
  'peer: systeminformation at 1 Hz': `
    const library = require('systeminformation');
    const ask = () => Promise.all([library.currentLoad(), library.mem(), library.fsStats(), library.disksIO(),
      library.networkStats(), library.processes()]);
    setInterval(() => void ask(), 1000)`,
};

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  if (!existsSync(command)) throw new Error('The hub bench needs a build: run "npm run build" first.');
  const [warmupMs, windowMs] = quick ? [5_000, 12_000] : [20_000, 60_000];
  await using opened = new AsyncDisposableStack();
  const hub = await startHub(opened);
  const others = Object.entries(peers).map(([name, code]) => ({
    name,
    child: open(opened, spawn(process.execPath, ['-e', code], { cwd: import.meta.dirname, stdio: 'ignore' })),
  }));

  await sleep(warmupMs);
  const few = countProcesses();
  const [hubCost, ...otherCosts] = await measure([hub, ...others.map(({ child }) => child)], windowMs);
  for (const { child } of others) child.kill('SIGKILL');

  for (let each = 0; each < MORE_PROCESSES; each++)
    open(opened, spawn('sleep', ['600'], { stdio: 'ignore' }));
  await sleep(warmupMs);
  const many = countProcesses();
  const [moreCost] = await measure([hub], windowMs);

  const unit = '% of one core';
  return [
    barRow(`hub with one viewer, ${few} processes: CPU`, hubCost!.cpuPercent, unit, BARS.cpuPercent),
    barRow(
      `hub with one viewer, ${few} processes: memory`,
      hubCost!.mebibytes,
      'MiB RSS',
      BARS.residentMebibytes,
    ),
    barRow(
      `hub with one viewer, ${many} processes: CPU`,
      moreCost!.cpuPercent,
      unit,
      BARS.cpuPercentWithMore,
    ),
    plainRow(`hub with one viewer, ${many} processes: memory`, moreCost!.mebibytes, 'MiB RSS'),
    ...others.flatMap(({ name }, index) => [
      plainRow(`${name}: CPU`, otherCosts[index]!.cpuPercent, unit),
      plainRow(`${name}: memory`, otherCosts[index]!.mebibytes, 'MiB RSS'),
    ]),
  ];
}

/** As the launchers start it, with one reader of its whole stream. */
async function startHub(opened: AsyncDisposableStack): Promise<ChildProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const words = [...hubNodeFlags, command, 'hub', '--port', '0', '--data', dataDir];
  const child = open(opened, spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] }));
  let printed = '';
  for await (const text of child.stdout!.setEncoding('utf8')) {
    printed += text as string;
    const line = /Bearer (\S+)" (http:\S+)\n/.exec(printed);
    if (line === null) continue;
    const viewer = get(line[2]!, { headers: { authorization: `Bearer ${line[1]!}` } }, (answer) =>
      answer.resume(),
    );
    viewer.on('error', () => undefined);
    opened.defer(() => void viewer.destroy());
    return child;
  }
  throw new Error('The hub ended before it served.');
}

interface Cost {
  cpuPercent: number;
  mebibytes: number;
}

/** CPU of each process over the same window; programs that systeminformation spawns are not counted, so it costs more still. */
async function measure(children: ChildProcess[], windowMs: number): Promise<Cost[]> {
  const before = children.map((child) => cpuNanoseconds(child.pid!));
  const began = performance.now();
  await sleep(windowMs);
  const elapsedNs = (performance.now() - began) * 1e6;
  return children.map((child, index) => ({
    cpuPercent: (100 * (cpuNanoseconds(child.pid!) - before[index]!)) / elapsedNs,
    mebibytes: residentBytes(child.pid!) / MEBIBYTE,
  }));
}

function open(opened: AsyncDisposableStack, child: ChildProcess): ChildProcess {
  const exited = once(child, 'exit');
  opened.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return child;
}
