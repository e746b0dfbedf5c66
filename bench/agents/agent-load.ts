/** What the agents of the ingest bench send: samples of about 60 series that change from second to second. */
import type { ObservedHost } from '../../shared/observer.ts';
import { eachSeries } from '../../shared/series.ts';
import type { Sample } from '../../shared/schema/sample.ts';

export function hostIdOf(agent: number): string {
  return `bench-${String(agent).padStart(4, '0')}`;
}

export function describedHost(id: string): ObservedHost {
  return {
    id,
    name: `${id}.example.net`,
    agentVersion: '0.0.0-bench',
    intervalMs: 1_000,
    inventory: {
      platform: 'linux',
      os: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-18-amd64',
      architecture: 'x64',
      cpuModel: 'Example CPU',
      coreCount: 4,
      memoryBytes: 8 * 2 ** 30,
      virtualisation: 'kvm',
      bootTime: 1_700_000_000_000,
      interfaces: [{ interface: 'eth0', addresses: ['192.0.2.1'], mac: null, speedBitsPerSecond: 1e9 }],
    },
  };
}

/** Numbers that move as a machine's do: every second a little, with the digits that rates have. */
export function sampleAt(host: string, time: number): Sample {
  const turn = Math.floor(time / 1_000);
  const wave = (seed: number, size: number) =>
    Math.round(size * (1 + Math.sin(turn / 17 + seed) + ((turn * 7_919 + seed * 104_729) % 1_000) / 2_000)) /
    10;
  const user = wave(1, 150);
  return {
    host,
    time,
    intervalMs: 1_000.123,
    uptimeSeconds: turn % 1_000_000,
    cpu: {
      user,
      nice: 0,
      system: 5,
      iowait: 1,
      irq: 0,
      softirq: 0.5,
      steal: 0,
      idle: Math.max(0, 93.5 - user),
      cores: [1, 2, 3, 4].map((seed) => wave(seed, 200)),
      frequencyMhz: 2_400,
    },
    load: { one: wave(5, 10), five: wave(6, 10), fifteen: 0.5 },
    pressure: { cpu: { some: wave(7, 10), full: 0 }, memory: { some: 0, full: 0 }, io: { some: 0, full: 0 } },
    memory: {
      totalBytes: 8 * 2 ** 30,
      availableBytes: 5 * 2 ** 30 + turn * 4_096,
      usedBytes: 3 * 2 ** 30 - (turn % 10_000) * 4_096,
      freeBytes: 2 ** 30 + (turn % 5_000) * 4_096,
      cachedBytes: 2 ** 31 + (turn % 3_000) * 4_096,
      buffersBytes: 2 ** 20,
      dirtyBytes: (turn % 700) * 4_096,
      swapTotalBytes: 2 ** 30,
      swapUsedBytes: 0,
      swapInBytesPerSecond: 0,
      swapOutBytesPerSecond: 0,
    },
    disks: [
      {
        device: 'sda',
        isPhysical: true,
        readBytesPerSecond: wave(8, 100_000),
        writeBytesPerSecond: wave(9, 900_000),
        readOpsPerSecond: wave(10, 30),
        writeOpsPerSecond: wave(11, 90),
        utilisationPercent: wave(12, 30),
        awaitMs: wave(13, 10),
        queueLength: wave(14, 3),
      },
    ],
    interfaces: [
      {
        interface: 'eth0',
        kind: 'physical',
        receiveBytesPerSecond: wave(15, 500_000),
        transmitBytesPerSecond: wave(16, 300_000),
        receivePacketsPerSecond: wave(17, 900),
        transmitPacketsPerSecond: wave(18, 700),
        receiveErrorsPerSecond: 0,
        transmitErrorsPerSecond: 0,
        receiveDropsPerSecond: 0,
        transmitDropsPerSecond: 0,
      },
    ],
    tcp: { retransmitsPerSecond: wave(19, 2), established: turn % 90 },
    kernel: {
      contextSwitchesPerSecond: wave(20, 9_000),
      forksPerSecond: wave(21, 30),
      processesRunning: turn % 4,
      processesBlocked: 0,
    },
  };
}

/** How many series one such sample has. */
export function seriesPerSample(): number {
  let count = 0;
  eachSeries(sampleAt('bench', 0), () => count++);
  return count;
}
