/** Made-up hosts and observations that fit the wire contract. */
import type { ObservedHost } from '../../shared/observer.ts';
import type { Host } from '../../shared/schema/host.ts';
import type { LogLine, LogSource } from '../../shared/schema/logs.ts';
import type { Processes } from '../../shared/schema/processes.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';

/** 14 November 2023; a fixed start makes failures repeatable. */
export const startTime = 1_700_000_000_000;

export function observedHost(id = 'web-1', changes: Partial<ObservedHost> = {}): ObservedHost {
  return {
    id,
    name: `${id}.example.net`,
    agentVersion: '0.1.0',
    intervalMs: 1_000,
    inventory: {
      platform: 'linux',
      os: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-18-amd64',
      architecture: 'x64',
      cpuModel: 'Example CPU',
      coreCount: 2,
      memoryBytes: 4 * 2 ** 30,
      virtualisation: null,
      bootTime: startTime - 86_400_000,
      interfaces: [{ interface: 'eth0', addresses: ['192.0.2.1'], mac: null, speedBitsPerSecond: 1e9 }],
    },
    ...changes,
  };
}

/** The `index`th sample of a host: its busy share counts up, so that order shows. */
export function sampleOf(host = 'web-1', index = 0, changes: Partial<Sample> = {}): Sample {
  const user = index % 100;
  return {
    host,
    time: startTime + index * 1_000,
    intervalMs: 1_000,
    uptimeSeconds: 86_400 + index,
    cpu: {
      user,
      nice: 0,
      system: 0,
      iowait: 0,
      irq: 0,
      softirq: 0,
      steal: 0,
      idle: 100 - user,
      cores: [user, user],
      frequencyMhz: 2_400,
    },
    load: { one: 0.5, five: 0.4, fifteen: 0.3 },
    pressure: { cpu: { some: 1, full: 0 }, memory: { some: 0, full: 0 }, io: null },
    memory: {
      totalBytes: 4 * 2 ** 30,
      availableBytes: 3 * 2 ** 30,
      usedBytes: 2 ** 30,
      freeBytes: 2 ** 30,
      cachedBytes: 2 ** 31,
      buffersBytes: 2 ** 20,
      dirtyBytes: 4_096,
      swapTotalBytes: 0,
      swapUsedBytes: 0,
      swapInBytesPerSecond: 0,
      swapOutBytesPerSecond: 0,
    },
    disks: [
      {
        device: 'sda',
        isPhysical: true,
        readBytesPerSecond: 1_000,
        writeBytesPerSecond: 2_000,
        readOpsPerSecond: 1,
        writeOpsPerSecond: 2,
        utilisationPercent: 10,
        awaitMs: null,
        queueLength: 0.1,
      },
    ],
    interfaces: [
      {
        interface: 'eth0',
        kind: 'physical',
        receiveBytesPerSecond: 10_000,
        transmitBytesPerSecond: 5_000,
        receivePacketsPerSecond: 10,
        transmitPacketsPerSecond: 5,
        receiveErrorsPerSecond: 0,
        transmitErrorsPerSecond: 0,
        receiveDropsPerSecond: 0,
        transmitDropsPerSecond: 0,
      },
    ],
    tcp: { retransmitsPerSecond: 0, established: 3 },
    kernel: { contextSwitchesPerSecond: 100, forksPerSecond: 1, processesRunning: 1, processesBlocked: 0 },
    ...changes,
  };
}

export function logLineOf(host = 'web-1', index = 0, changes: Partial<LogLine> = {}): LogLine {
  return {
    host,
    time: startTime + index,
    level: 'info',
    source: 'app.log',
    text: `line ${index}`,
    ...changes,
  };
}

export function logSourceOf(host = 'web-1', changes: Partial<LogSource> = {}): LogSource {
  return {
    host,
    id: '/var/log/app.log',
    kind: 'file',
    label: 'app.log',
    state: 'following',
    reason: null,
    since: startTime,
    ...changes,
  };
}

export function processesOf(host = 'web-1', index = 0): Processes {
  return {
    host,
    time: startTime + index * 1_000,
    intervalMs: 2_000,
    total: 80,
    running: 1,
    rows: [
      {
        pid: 1,
        parentPid: 0,
        name: 'init',
        command: '/sbin/init',
        user: 'root',
        state: 'S',
        cpuPercent: index % 100,
        residentBytes: 2 ** 20,
        readBytesPerSecond: null,
        writeBytesPerSecond: null,
        threads: 1,
        startTime,
      },
    ],
  };
}

export function filesystemsOf(host = 'web-1', mount = '/'): Filesystems {
  return {
    host,
    time: startTime,
    mounts: [
      {
        mount,
        device: '/dev/sda1',
        type: 'ext4',
        totalBytes: 2 ** 40,
        usedBytes: 2 ** 39,
        availableBytes: 2 ** 38,
        inodesTotal: 1_000_000,
        inodesUsed: 1_000,
        isReadOnly: false,
      },
    ],
  };
}

export function sensorsOf(host = 'web-1'): Sensors {
  return {
    host,
    time: startTime,
    temperatures: [{ label: 'Package', celsius: 51.5, criticalCelsius: 100 }],
    fans: [{ label: 'cpu', rpm: 1_200 }],
    battery: null,
  };
}

/** A host as a reader of the stream gets it. */
export function hostOf(id = 'web-1', changes: Partial<Host> = {}): Host {
  return {
    ...observedHost(id),
    status: 'live',
    statusSince: startTime,
    lastSeen: null,
    origin: 'local',
    group: null,
    tags: [],
    uplink: null,
    ...changes,
  };
}
