/**
 * One case of the collector benchmark, alone in its process: measures its own CPU and memory over a window and
 * prints them as a line of JSON. Arguments: the case, seconds to warm up, seconds to measure.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createCollector } from '../collect/metrics/machine-collector.ts';

export const collectCases = ['empty', 'no-process-table', 'process-table', 'systeminformation'] as const;
export type CollectCase = (typeof collectCases)[number];

export interface CollectCaseResult {
  /** Of one core, this process and the processes it spawned. */
  cpuPercent: number;
  residentBytes: number;
  samples: number;
  /** Whether it ever had a child process. */
  hasSpawned: boolean;
}

let samples = 0;
const workloads: Record<CollectCase, () => Promise<void>> = {
  empty: async () => {
    setInterval(() => samples++, 1_000);
  },
  'no-process-table': () => collect(null),
  'process-table': () => collect(2_000),
  systeminformation: async () => {
    const { default: library } = await import('systeminformation');
    setInterval(() => {
      const calls = [
        library.currentLoad(),
        library.mem(),
        library.fsStats(),
        library.disksIO(),
        library.networkStats(),
      ];
      void Promise.all(calls).then(() => samples++);
    }, 1_000);
  },
};

async function collect(processesIntervalMs: number | null): Promise<void> {
  const collector = createCollector({ host: 'bench', intervalMs: 1_000, processesIntervalMs });
  await collector.start((observation) => {
    // Encoded as an agent would, so that the figure holds for what is shipped.
    if (observation.name === 'sample') samples += JSON.stringify(observation).length > 0 ? 1 : 0;
    else JSON.stringify(observation);
  });
}

const ticksPerSecond = 100;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (children().ticks * 1000) / ticksPerSecond;
}

/** Time and page faults of children that have ended (proc_pid_stat(5), fields 11, 13, 16 and 17). */
function children(): { ticks: number; faults: number } {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { faults: fields[8]! + fields[10]!, ticks: fields[13]! + fields[14]! };
}

function livingChildren(): string {
  const lists = readdirSync('/proc/self/task').map((task) => `/proc/self/task/${task}/children`);
  return lists.map((path) => readFileSync(path, 'latin1').trim()).join('');
}

const [workload, warmupSeconds, seconds] = process.argv.slice(2);
await workloads[workload as CollectCase]();
await delay(Number(warmupSeconds) * 1000);
const cpuBefore = cpuMs();
const before = performance.now();
samples = 0;
await delay(Number(seconds) * 1000);
const result: CollectCaseResult = {
  cpuPercent: (100 * (cpuMs() - cpuBefore)) / (performance.now() - before),
  residentBytes: process.memoryUsage.rss(),
  samples,
  hasSpawned: children().faults > 0 || livingChildren() !== '',
};
console.log(JSON.stringify(result));
process.exit(0);
