/** A host whose last minutes hold a spike with a cause: a backup that writes, its log lines, and machines that go on as ever. */
import type { ObservationSink } from '../../shared/observer.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { ProcessRow } from '../../shared/schema/processes.ts';
import { logLineOf, observedHost, processesOf, sampleOf } from './observations.ts';

const MiB = 2 ** 20;

export interface Spike {
  /** Epoch milliseconds of the first sample, of the spike's first and last, and of the newest. */
  begin: number;
  from: number;
  to: number;
  end: number;
}

/** Four minutes that end at `end`; the spike lasts 40 s and ended 50 s ago. */
export function spikeBefore(end: number): Spike {
  const whole = Math.floor(end / 1000) * 1000;
  return { begin: whole - 240_000, from: whole - 90_000, to: whole - 50_000, end: whole };
}

export function describeSpikingHost(sink: ObservationSink, host = 'web-1'): void {
  sink.describe(observedHost(host));
}

/** Its samples, one a second. */
export function observeSamples(sink: ObservationSink, spike: Spike, host = 'web-1'): void {
  for (let time = spike.begin; time <= spike.end; time += 1_000) {
    const isSpike = time >= spike.from && time <= spike.to;
    // As restless as a machine is, and the same in every run.
    const noise = (1 + Math.sin(time / 1_700)) / 2;
    const plain = sampleOf(host, 0, { time });
    const user = 4 + 3 * noise + (isSpike ? 12 : 0);
    const iowait = isSpike ? 58 + 6 * noise : 0.4 * noise;
    sink.observe({
      name: 'sample',
      data: {
        ...plain,
        cpu: {
          ...plain.cpu,
          user,
          system: 2 + noise,
          iowait,
          idle: 98 - noise - user - iowait - 2,
          cores: [user, user],
        },
        memory: { ...plain.memory, dirtyBytes: isSpike ? 300 * MiB : MiB },
        disks: plain.disks.map((disk) => ({
          ...disk,
          writeBytesPerSecond: (isSpike ? 84 : 0.4) * MiB * (0.9 + 0.2 * noise),
          writeOpsPerSecond: isSpike ? 640 : 4,
          utilisationPercent: isSpike ? 97 : 3 * noise,
          awaitMs: isSpike ? 38 : 0.6,
          queueLength: isSpike ? 9 : 0.1,
        })),
        interfaces: plain.interfaces.map((net) => ({
          ...net,
          receiveBytesPerSecond: MiB * (0.2 + 0.1 * noise),
          transmitBytesPerSecond: MiB * (0.5 + 0.2 * noise),
        })),
      },
    });
  }
}

/** Its process tables, one every two seconds. A page holds those that it is told. */
export function observeProcesses(sink: ObservationSink, spike: Spike, host = 'web-1'): void {
  const [row] = processesOf(host).rows;
  for (let time = spike.begin; time <= spike.end; time += 2_000) {
    const isSpike = time >= spike.from && time <= spike.to;
    const rows: Partial<ProcessRow>[] = [
      {
        pid: 612,
        name: 'postgres',
        command: 'postgres: writer',
        user: 'postgres',
        cpuPercent: 6,
        residentBytes: 410 * MiB,
        readBytesPerSecond: 0,
        writeBytesPerSecond: 0.3 * MiB,
      },
      {
        pid: 733,
        name: 'nginx',
        command: 'nginx: worker process',
        user: 'www-data',
        cpuPercent: 3,
        residentBytes: 38 * MiB,
        readBytesPerSecond: 0,
        writeBytesPerSecond: 0,
      },
    ];
    if (isSpike)
      rows.push({
        pid: 4711,
        name: 'pg_dump',
        command: 'pg_dump --format=custom shop',
        user: 'backup',
        cpuPercent: 41,
        residentBytes: 92 * MiB,
        readBytesPerSecond: 2 * MiB,
        writeBytesPerSecond: 83 * MiB,
        startTime: spike.from - 400,
      });
    sink.observe({
      name: 'processes',
      data: { ...processesOf(host), time, rows: rows.map((each) => ({ ...row!, ...each })) },
    });
  }
}

/** A line every five seconds, and what the spike wrote. */
export function observeLines(sink: ObservationSink, spike: Spike, host = 'web-1'): void {
  const lines: Partial<LogLine>[] = [];
  for (let time = spike.begin; time <= spike.end; time += 5_000)
    lines.push({
      time,
      source: 'nginx/access.log',
      text: `GET /shop/items/${(time / 1_000) % 97} 200 12 ms`,
    });
  lines.push(
    {
      time: spike.from - 300,
      level: 'info',
      source: 'cron',
      text: '(backup) CMD (pg_dump --format=custom shop)',
    },
    {
      time: spike.from + 9_000,
      level: 'warn',
      source: 'postgresql.log',
      text: 'checkpoints are occurring too frequently (9 seconds apart)',
    },
    {
      time: spike.from + 21_000,
      level: 'error',
      source: 'nginx/error.log',
      text: 'upstream timed out (110) while reading response header from upstream',
    },
    { time: spike.to - 2_000, level: 'info', source: 'cron', text: 'pg_dump: finished, 3.1 GiB written' },
  );
  lines.sort((a, b) => a.time! - b.time!);
  for (const line of lines) sink.observe({ name: 'log', data: logLineOf(host, 0, line) });
}
