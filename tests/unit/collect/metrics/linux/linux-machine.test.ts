/** What is read from the files of kernels of several ages, and from those that are missing. */
import { afterEach, describe, expect, it } from 'vitest';
import { LinuxMachine } from '../../../../../collect/metrics/linux/linux-machine.ts';
import type { Reading } from '../../../../../collect/metrics/reading.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';
import { instant } from '../readings.ts';
import { ancient, modern } from './kernels.ts';

const KIBIBYTE = 1024;
let open = new AsyncDisposableStack();

afterEach(async () => {
  await open.disposeAsync();
  open = new AsyncDisposableStack();
});

function machineOn(files: Record<string, string>): {
  tree: KernelTree;
  machine: LinuxMachine;
  read: () => Reading;
} {
  const tree = open.use(new KernelTree(files));
  const machine = open.use(new LinuxMachine({ root: tree.root }));
  let ms = 0;
  return { tree, machine, read: () => machine.read(instant((ms += 1_000))) };
}

function without(files: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !names.some((name) => path.startsWith(name))),
  );
}

describe('a modern kernel', () => {
  it('tells CPU times by mode, guests left in user and nice', () => {
    const { cpu } = machineOn(modern).read();
    // user nice system idle iowait irq softirq steal
    expect([...cpu!.machine]).toEqual([8599, 10, 5695, 202612, 488, 3, 95, 49]);
    expect(cpu!.cores.map((core) => core![0])).toEqual([3780, 4819]);
  });

  it('tells what the kernel does', () => {
    expect(machineOn(modern).read().kernel).toEqual({
      contextSwitches: 1492766,
      forks: 11119,
      processesRunning: 3,
      processesBlocked: 1,
    });
  });

  it('tells memory as free does', () => {
    expect(machineOn(modern).read().memory).toEqual({
      totalBytes: 24684084 * KIBIBYTE,
      availableBytes: 24108520 * KIBIBYTE,
      freeBytes: 23876956 * KIBIBYTE,
      cachedBytes: (480120 + 43112) * KIBIBYTE,
      buffersBytes: 1860 * KIBIBYTE,
      dirtyBytes: 332 * KIBIBYTE,
      swapTotalBytes: 1048572 * KIBIBYTE,
      swapFreeBytes: 1000000 * KIBIBYTE,
      swappedInBytes: 12 * 4096,
      swappedOutBytes: 345 * 4096,
    });
  });

  it('tells load and pressure', () => {
    const { load, pressure } = machineOn(modern).read();
    expect(load).toEqual({ one: 0.34, five: 12.06, fifteen: 0.25 });
    expect(pressure).toEqual({
      cpu: { some: 1234567, full: 17 },
      memory: { some: 90, full: 80 },
      io: { some: 7000, full: 6000 },
    });
  });

  it('tells whole disks of some size, in bytes and milliseconds', () => {
    const { disks } = machineOn(modern).read();
    expect(disks.map(({ device, isPhysical }) => [device, isPhysical])).toEqual([
      ['nvme0n1', true],
      ['dm-0', false],
    ]);
    expect(disks[0]).toEqual({
      device: 'nvme0n1',
      isPhysical: true,
      reads: 41004,
      readBytes: 2832714 * 512,
      readMs: 24860,
      writes: 35386,
      writeBytes: 4915568 * 512,
      writeMs: 18407,
      busyMs: 8484,
      weightedMs: 44091,
      discards: 9993,
      discardMs: 647,
    });
  });

  it('tells interfaces and their kinds', () => {
    const { interfaces } = machineOn(modern).read();
    expect(interfaces.map((row) => [row.interface, row.kind])).toEqual([
      ['lo', 'loopback'],
      ['eth0', 'physical'],
      ['wg0.40', 'virtual'],
    ]);
    expect(interfaces[1]).toMatchObject({
      receiveBytes: 563433642,
      receivePackets: 15268,
      receiveErrors: 1,
      receiveDrops: 2,
      transmitBytes: 1316670,
      transmitPackets: 10199,
      transmitErrors: 7,
      transmitDrops: 8,
    });
  });

  it('tells TCP by the columns of its heading', () => {
    expect(machineOn(modern).read().tcp).toEqual({ established: 17, retransmits: 33 });
  });

  it('tells the mean clock of the cores, from cpufreq where that is', () => {
    expect(machineOn(modern).read().frequencyMhz).toBeCloseTo(2498.1, 6);
    const cpu = 'sys/devices/system/cpu';
    const scaled = {
      ...modern,
      [`${cpu}/cpu0/cpufreq/scaling_cur_freq`]: '1200000\n',
      [`${cpu}/cpu1/cpufreq/scaling_cur_freq`]: '3400000\n',
      [`${cpu}/cpuidle/current_driver`]: 'none\n',
    };
    expect(machineOn(scaled).read().frequencyMhz).toBe(2300);
  });

  it('is read afresh each time', () => {
    const { tree, read } = machineOn(modern);
    read();
    tree.write({ 'proc/loadavg': '9.50 1.00 1.00 1/2 3\n' });
    tree.write({ 'proc/stat': modern['proc/stat'].replace('ctxt 1492766', 'ctxt 7') });
    const { load, kernel } = read();
    expect(load!.one).toBe(9.5);
    expect(kernel!.contextSwitches).toBe(7);
  });

  it('keeps the numbers of cores where one is offline', () => {
    const stat = modern['proc/stat'].replace('cpu1 ', 'cpu3 ');
    const { cpu } = machineOn({ ...modern, 'proc/stat': stat }).read();
    expect(cpu!.cores.map((core) => core?.[0] ?? null)).toEqual([3780, null, null, 4819]);
  });

  it('may have more interfaces than one page of text holds', () => {
    const line = (index: number) => `veth${index}: ${index} 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n`;
    const dev = modern['proc/net/dev'] + Array.from({ length: 900 }, (_, index) => line(index)).join('');
    const { interfaces } = machineOn({ ...modern, 'proc/net/dev': dev }).read();
    expect(interfaces).toHaveLength(903);
    expect(interfaces.at(-1)).toMatchObject({ interface: 'veth899', receiveBytes: 899, transmitBytes: 2 });
  });
});

describe('an ancient kernel', () => {
  it('is read as far as it speaks', () => {
    const reading = machineOn(ancient).read();
    expect([...reading.cpu!.machine]).toEqual([100, 0, 50, 800, 50, 0, 0, 0]);
    expect(reading.pressure).toBeNull();
    expect(reading.tcp).toBeNull();
    expect(reading.frequencyMhz).toBeNull();
    // free + buffers + cached + reclaimable - shared.
    expect(reading.memory.availableBytes).toBe(460 * KIBIBYTE);
    expect(reading.memory).toMatchObject({ dirtyBytes: null, swappedInBytes: null });
    expect(reading.interfaces[0]).toMatchObject({
      interface: 'eth0',
      receiveBytes: 4294967290,
      transmitBytes: 5000,
    });
    expect(reading.disks).toHaveLength(1);
    expect(reading.disks[0]).toMatchObject({
      device: 'sda',
      busyMs: 12,
      weightedMs: 12,
      discards: 0,
      discardMs: 0,
    });
  });
});

describe('files that are missing', () => {
  it('leave their values absent and the others in place', () => {
    for (const path of Object.keys(modern).filter((name) => name.startsWith('proc/'))) {
      const reading = machineOn(without(modern, path)).read();
      expect(reading.memory.totalBytes).toBeGreaterThan(0);
      if (path !== 'proc/loadavg') expect(reading.load).not.toBeNull();
      if (path !== 'proc/stat') expect(reading.cpu).not.toBeNull();
    }
  });

  it('even all of them are no error', () => {
    const reading = machineOn({}).read();
    expect(reading).toMatchObject({ cpu: null, load: null, pressure: null, tcp: null, kernel: null });
    expect(reading).toMatchObject({ disks: [], interfaces: [], frequencyMhz: null });
  });

  it('a container without /sys tells disks from partitions by name', () => {
    const { disks } = machineOn(without(modern, 'sys/')).read();
    expect(disks.map(({ device, isPhysical }) => [device, isPhysical])).toEqual([
      ['nvme0n1', true],
      ['dm-0', false],
    ]);
  });

  it('are looked for again only once in a while', () => {
    const { tree, read } = machineOn(without(modern, 'proc/loadavg'));
    expect(read().load).toBeNull();
    tree.write({ 'proc/loadavg': modern['proc/loadavg'] });
    const loads = Array.from({ length: 60 }, () => read().load);
    expect(loads.slice(0, 59).every((load) => load === null)).toBe(true);
    expect(loads.at(-1)).not.toBeNull();
  });

  it('garbage is no number', () => {
    const { cpu, load, tcp, disks } = machineOn({
      ...modern,
      'proc/stat': 'nonsense\n',
      'proc/net/snmp': '\nTcp: A B\n',
      'proc/diskstats': '\n\n',
    }).read();
    expect(cpu).toBeNull();
    expect(load).not.toBeNull();
    expect(tcp).toBeNull();
    expect(disks).toEqual([]);
  });
});
