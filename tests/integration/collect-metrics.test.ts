/** What the collector measures on this machine, side by side with what the kernel and the system's tools say. */
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, closeSync, fsyncSync, rmSync, writeSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { machine, release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSystemConstants } from '../../collect/metrics/linux/system-constants.ts';
import { createCollector, type MachineCollector } from '../../collect/metrics/machine-collector.ts';
import { streamEvents, type Observation, type StreamEventOf } from '../../shared/events.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import { burnCoreAndHold, type MachineLoad } from '../support/machine-load.ts';
import { hasTool, runTool } from '../support/system-tools.ts';
import { until } from '../support/until.ts';

const MEBIBYTE = 1024 * 1024;
/** What others on the machine may move between the collector's reading and the witness's. */
const SLACK_BYTES = 4 * MEBIBYTE;
const HELD_BYTES = 200 * MEBIBYTE;

describe.skipIf(process.platform !== 'linux')('the collector on this machine', () => {
  let load: MachineLoad;
  let collector: MachineCollector;
  let observations: Observation[];
  /** What the kernel said when each sample was emitted, a fraction of a millisecond after it was read. */
  let witnesses: { sample: Sample; stat: string; diskstats: string; dev: string }[];

  beforeAll(async () => {
    load = await burnCoreAndHold(HELD_BYTES);
  });
  afterAll(async () => {
    await load[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    observations = [];
    witnesses = [];
    collector = createCollector({
      host: 'here',
      intervalMs: 500,
      processesIntervalMs: 500,
      filesystemsIntervalMs: 500,
    });
    await collector.start((observation) => {
      observations.push(observation);
      if (observation.name === 'sample') witnesses.push({ sample: observation.data, ...kernelSays() });
    });
  });
  afterEach(async () => {
    await collector[Symbol.asyncDispose]();
  });

  function kernelSays() {
    return {
      stat: readFileSync('/proc/stat', 'latin1'),
      diskstats: readFileSync('/proc/diskstats', 'latin1'),
      dev: readFileSync('/proc/net/dev', 'latin1'),
    };
  }

  function of<Name extends Observation['name']>(name: Name): StreamEventOf<Name>[] {
    return observations.filter((one) => one.name === name) as StreamEventOf<Name>[];
  }

  /** Resolves with the newest one that was emitted from now on. */
  async function next<Name extends Observation['name']>(name: Name): Promise<StreamEventOf<Name>['data']> {
    const seen = of(name).length;
    await until(`${name} after the next`, () => of(name).length > seen + 1);
    return of(name).at(-1)!.data;
  }

  /** Bytes in all intervals after the one that ended with `first`. */
  function toldSince(first: Sample, rateOf: (sample: Sample) => number): number {
    const later = witnesses.map(({ sample }) => sample).filter((sample) => sample !== first);
    return later.reduce((sum, sample) => sum + (rateOf(sample) * sample.intervalMs) / 1000, 0);
  }

  it('keeps the contract in everything it emits', async () => {
    await next('processes');
    expect(of('sample')[0]!.data.intervalMs).toBeLessThan(600);
    for (const { name, data } of observations) streamEvents[name].schema.parse(data);
    const emitted = new Set(observations.map(({ name }) => name));
    expect(emitted).toEqual(new Set(['sample', 'processes', 'filesystems', 'sensors']));
  });

  it('tells CPU shares as /proc/stat has them, adding up to 100', async () => {
    await next('sample');
    const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
    const ticksOf = ({ stat }: { stat: string }) => stat.split('\n')[0]!.split(/ +/).slice(1, 9).map(Number);
    for (const [index, now] of witnesses.entries()) {
      expect(modes.reduce((sum, mode) => sum + now.sample.cpu[mode], 0)).toBeCloseTo(100, 6);
      const before = witnesses[index - 1];
      if (!before) continue;
      const grown = ticksOf(now).map((ticks, mode) => ticks - ticksOf(before)[mode]!);
      const total = grown.reduce((sum, ticks) => sum + ticks, 0);
      for (const [place, mode] of modes.entries()) {
        expect(Math.abs(now.sample.cpu[mode] - (100 * grown[place]!) / total)).toBeLessThan(10);
      }
    }
    // One core at least is burning.
    expect(Math.max(...witnesses.at(-1)!.sample.cpu.cores)).toBeGreaterThan(50);
  });

  it.skipIf(!hasTool('top'))('tells the CPU that top tells', async () => {
    const seen = of('sample').length;
    const text = await runTool('top', '-b', '-d', '1.5', '-n', '2');
    await until('a sample after top', () => of('sample').length > seen + 1);
    const idle = Number(/%Cpu.*?([\d.]+) id/.exec(text.slice(text.lastIndexOf('%Cpu')))![1]);
    const meanwhile = of('sample').slice(seen, -1);
    const mean = meanwhile.reduce((sum, { data }) => sum + data.cpu.idle, 0) / meanwhile.length;
    expect(Math.abs(mean - idle)).toBeLessThan(20);
  });

  it.skipIf(!hasTool('free'))('tells the memory that free tells', async () => {
    const before = await next('sample');
    const text = await runTool('free', '-b', '-w');
    const after = await next('sample');
    const [, total, , free, , buffers, cache, available] = /Mem:\s+(.*)/
      .exec(text)![0]
      .split(/\s+/)
      .map(Number);
    expect(after.memory.totalBytes).toBe(total);
    const between = (value: number, key: 'freeBytes' | 'availableBytes' | 'cachedBytes' | 'buffersBytes') => {
      const bounds = [before.memory[key], after.memory[key]];
      // Other programs of the machine come and go meanwhile.
      expect(value).toBeGreaterThan(Math.min(...bounds) - 256 * MEBIBYTE);
      expect(value).toBeLessThan(Math.max(...bounds) + 256 * MEBIBYTE);
    };
    between(free!, 'freeBytes');
    between(available!, 'availableBytes');
    between(buffers!, 'buffersBytes');
    between(cache!, 'cachedBytes');
    expect(after.memory.usedBytes).toBe(total! - after.memory.availableBytes);
    expect(after.memory.usedBytes).toBeGreaterThan(HELD_BYTES);
  });

  it('tells the bytes a disk wrote, as /proc/diskstats has them', async () => {
    const folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.cache-write-'));
    try {
      const file = openSync(join(folder, 'written'), 'w');
      writeSync(file, Buffer.alloc(32 * MEBIBYTE, 7));
      fsyncSync(file);
      closeSync(file);
      await next('sample');
    } finally {
      rmSync(folder, { recursive: true });
    }
    const [first, last] = [witnesses[0]!, witnesses.at(-1)!];
    for (const { device } of last.sample.disks) {
      const written = 512 * (diskColumn(last.diskstats, device, 7) - diskColumn(first.diskstats, device, 7));
      const told = toldSince(first.sample, (sample) => {
        return sample.disks.find((disk) => disk.device === device)!.writeBytesPerSecond;
      });
      expect(Math.abs(told - written)).toBeLessThan(SLACK_BYTES + written * 0.05);
    }
    // A machine whose folders never reach a disk has nothing to tell.
    const isOnDisk = last.sample.disks.some((disk) => disk.isPhysical);
    const all = toldSince(first.sample, ({ disks }) =>
      disks.reduce((sum, disk) => sum + disk.writeBytesPerSecond, 0),
    );
    if (isOnDisk) expect(all).toBeGreaterThan(16 * MEBIBYTE);
  });

  it.skipIf(!hasTool('iostat'))('lists the disks iostat lists', async () => {
    const listed = JSON.parse(await runTool('iostat', '-d', '-o', 'JSON')) as IostatAnswer;
    const [statistics] = listed.sysstat.hosts[0]!.statistics;
    const used = statistics!.disk.map((disk) => disk.disk_device);
    const devices = (await next('sample')).disks.map(({ device }) => device);
    expect(devices).toEqual(
      expect.arrayContaining(used.filter((device) => !/^(?:loop|ram|zram)/.test(device))),
    );
  });

  it('tells loopback traffic and its connections', async () => {
    const payload = Buffer.alloc(8 * MEBIBYTE, 1);
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    try {
      client.write(payload);
      await once(client, 'drain');
      const sample = await next('sample');
      expect(sample.tcp!.established).toBeGreaterThanOrEqual(2);
    } finally {
      client.destroy();
      server.close();
    }
    const [first, last] = [witnesses[0]!, witnesses.at(-1)!];
    const told = toldSince(first.sample, ({ interfaces }) => {
      return interfaces.find((row) => row.kind === 'loopback')!.receiveBytesPerSecond;
    });
    const counted = interfaceColumn(last.dev, 'lo', 0) - interfaceColumn(first.dev, 'lo', 0);
    expect(told).toBeGreaterThan(payload.length);
    expect(Math.abs(told - counted)).toBeLessThan(SLACK_BYTES + counted * 0.05);
  });

  it.skipIf(!hasTool('df'))('tells the filesystems that df tells', async () => {
    const columns = 'source,target,size,used,avail,itotal,iused';
    const text = await runTool('df', '-B1', `--output=${columns}`);
    const { mounts } = await next('filesystems');
    expect(mounts.length).toBeGreaterThan(0);
    for (const mount of mounts) {
      const line = text.split('\n').find((one) => one.split(/\s+/)[1] === mount.mount);
      // df lists one of several mounts of a device, by rules of its own.
      if (!line) continue;
      const [source, , size, used, available, inodes, inodesUsed] = line.split(/\s+/);
      expect(mount.device).toBe(source);
      expect(mount.totalBytes).toBe(Number(size));
      expect(Math.abs(mount.usedBytes - Number(used))).toBeLessThan(200 * MEBIBYTE);
      expect(Math.abs(mount.availableBytes - Number(available))).toBeLessThan(200 * MEBIBYTE);
      expect(mount.inodesTotal ?? 0).toBe(Number(inodes));
      expect(Math.abs((mount.inodesUsed ?? 0) - Number(inodesUsed))).toBeLessThan(20_000);
    }
    expect(
      mounts.some((mount) => text.includes(` ${mount.mount}\n`) || text.includes(` ${mount.mount} `)),
    ).toBe(true);
  });

  it.skipIf(!hasTool('ps'))('tells of a process what ps and top tell', async () => {
    const row = (await next('processes')).rows.find(({ pid }) => pid === load.pid)!;
    const format = 'pid=,ppid=,user=,stat=,rss=,nlwp=,comm=';
    const text = await runTool('ps', '-o', format, '-p', String(load.pid));
    const [pid, parent, user, state, kibibytes, threads, kernelName] = text.trim().split(/\s+/);
    expect(row).toMatchObject({
      pid: Number(pid),
      parentPid: Number(parent),
      user,
      state: state![0],
      threads: Number(threads),
      // What Node calls all its programs.
      name: kernelName === 'MainThread' ? 'node' : kernelName,
    });
    expect(Math.abs(row.residentBytes - Number(kibibytes) * 1024)).toBeLessThan(20 * MEBIBYTE);
    expect(row.residentBytes).toBeGreaterThan(HELD_BYTES);
    expect(row.command).toContain('held.length');
    const started = Date.parse(await runTool('ps', '-o', 'lstart=', '-p', String(load.pid)));
    // ps rounds to seconds, and so does the kernel's boot time.
    expect(Math.abs(row.startTime - started)).toBeLessThan(2_500);
  });

  it.skipIf(!hasTool('top'))('tells the CPU of a process that top tells', async () => {
    // The two look at stretches of time that overlap in part; where others take the CPU in one of them, the next try tells.
    const agree = async () => {
      const seen = of('processes').length;
      const text = await runTool('top', '-b', '-d', '1.5', '-n', '2', '-p', String(load.pid));
      await until('a table after top', () => of('processes').length > seen + 1);
      const percent = Number(text.trim().split('\n').at(-1)!.trim().split(/\s+/)[8]);
      const shares = of('processes')
        .slice(seen, -1)
        .map(({ data }) => data.rows.find(({ pid }) => pid === load.pid)!.cpuPercent);
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      return percent > 5 && Math.abs(mean - percent) < 25;
    };
    await until('both to tell the same', agree);
  });

  it('counts processes and uptime as the kernel does', async () => {
    const { total, rows } = await next('processes');
    const uptime = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
    expect(total).toBeGreaterThanOrEqual(rows.length);
    // On a machine where more are busy, this process itself may not be among those that are told.
    expect(rows.some(({ pid }) => pid === load.pid)).toBe(true);
    expect(Math.abs((await next('sample')).uptimeSeconds - uptime)).toBeLessThan(5);
  });

  it('knows the machine', async () => {
    const inventory = await collector.inventory();
    expect(inventory).toMatchObject({ platform: 'linux', kernel: release() });
    // Cores that are offline keep their place in the sample.
    expect(inventory.coreCount).toBeLessThanOrEqual((await next('sample')).cpu.cores.length);
    expect(inventory.memoryBytes).toBe(witnesses.at(-1)!.sample.memory.totalBytes);
  });

  it.skipIf(!hasTool('getconf'))('knows the constants getconf knows', async () => {
    const { pageBytes, ticksPerSecond, wordBits } = readSystemConstants('/proc');
    expect(pageBytes).toBe(Number(await runTool('getconf', 'PAGESIZE')));
    expect(ticksPerSecond).toBe(Number(await runTool('getconf', 'CLK_TCK')));
    expect(wordBits).toBe(/64|s390x|ppc64/.test(machine()) ? 64 : 32);
  });
});

describe.skipIf(process.platform !== 'linux')('the collector in a process of its own', () => {
  const runFile = promisify(execFile);
  const measure = async (workload: string) => {
    const { stdout } = await runFile(process.execPath, ['bench/collect-case.ts', workload, '0', '2'], {
      cwd: join(import.meta.dirname, '../..'),
      timeout: 20_000,
    });
    return JSON.parse(stdout) as { samples: number; hasSpawned: boolean };
  };

  it('spawns nothing', async () => {
    const { samples, hasSpawned } = await measure('process-table');
    expect(samples).toBeGreaterThan(0);
    expect(hasSpawned).toBe(false);
  });

  it('is watched by something that would see a spawned process', async () => {
    expect((await measure('systeminformation')).hasSpawned).toBe(true);
  });
});

interface IostatAnswer {
  sysstat: { hosts: { statistics: { disk: { disk_device: string }[] }[] }[] };
}

/** Columns behind the name are counted from 1 in the kernel's documentation. */
function diskColumn(diskstats: string, device: string, field: number): number {
  const line = diskstats.split('\n').find((one) => one.trim().split(/\s+/)[2] === device)!;
  return Number(line.trim().split(/\s+/)[2 + field]);
}

function interfaceColumn(dev: string, name: string, column: number): number {
  const line = dev.split('\n').find((one) => one.trim().startsWith(`${name}:`))!;
  return Number(line.split(':')[1]!.trim().split(/\s+/)[column]);
}
