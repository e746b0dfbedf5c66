/** What a node_exporter tells, as a reading, an inventory, filesystems and sensors. */
import { expect, test } from 'vitest';
import { SampleRates } from '../../../../../collect/metrics/sample-rates.ts';
import { hostIdOf } from '../../../../../hub/interop/exporters/exporter-host.ts';
import { inventoryOf, mountsOf, sensorsOf } from '../../../../../hub/interop/exporters/node-machine.ts';
import { NodeMetrics } from '../../../../../hub/interop/exporters/node-metrics.ts';
import { interfaceKind, readingOf } from '../../../../../hub/interop/exporters/node-reading.ts';
import { sample } from '../../../../../shared/schema/sample.ts';
import { nodeExposition } from '../../../../support/peers/fake-exporter.ts';

const metrics = new NodeMetrics(nodeExposition(1_000, 250));

test('two answers make a sample: shares, rates, and what is known at once', () => {
  const rates = new SampleRates({ host: 'rack-7', wordBits: 64 });
  const at = (seconds: number) => ({
    wallMs: seconds * 1_000,
    monotonicMs: seconds * 1_000,
    uptimeMs: 5_000,
  });
  expect(rates.next(readingOf(metrics)!, at(1_000))).toBeNull();
  const later = readingOf(new NodeMetrics(nodeExposition(1_010, 252.5)))!;
  const made = sample.parse(rates.next(later, at(1_010)));
  expect(made.cpu).toMatchObject({ user: 25, idle: 75, cores: [25, 25] });
  expect(made.load).toEqual({ one: 0.5, five: 0.4, fifteen: 0.3 });
  expect(made.memory).toMatchObject({
    totalBytes: 8e9,
    usedBytes: 2e9,
    cachedBytes: 3.1e9,
    swapUsedBytes: 1e8,
    swapInBytesPerSecond: 4096,
  });
  expect(made.disks.map(({ device, isPhysical }) => [device, isPhysical])).toEqual([
    ['sda', true],
    ['dm-0', false],
  ]);
  expect(made.disks[0]).toMatchObject({
    readBytesPerSecond: 1_000,
    readOpsPerSecond: 2,
    utilisationPercent: 10,
  });
  expect(made.disks[0]!.awaitMs).toBe(5);
  expect(made.interfaces.map(({ interface: name, kind }) => [name, kind])).toEqual([
    ['eth0', 'physical'],
    ['veth12', 'virtual'],
    ['lo', 'loopback'],
  ]);
  expect(made.pressure).toMatchObject({ cpu: null, io: { some: 5, full: 2 } });
  expect(made.tcp).toEqual({ retransmitsPerSecond: 2, established: 12 });
  expect(made.kernel).toMatchObject({
    contextSwitchesPerSecond: 100,
    forksPerSecond: 3,
    processesRunning: 2,
  });
});

test('a counter that begins anew leaves its device out once', () => {
  const rates = new SampleRates({ host: 'rack-7', wordBits: 64 });
  const at = (seconds: number) => ({ wallMs: seconds * 1_000, monotonicMs: seconds * 1_000, uptimeMs: 0 });
  rates.next(readingOf(metrics)!, at(1));
  expect(rates.next(readingOf(new NodeMetrics(nodeExposition(5, 1)))!, at(2))).toMatchObject({ disks: [] });
});

test('the machine, its filesystems and its sensors', () => {
  expect(inventoryOf(metrics, 2, 8e9)).toEqual({
    platform: 'linux',
    os: 'Debian GNU/Linux 12 (bookworm)',
    kernel: '6.1.0-18-amd64',
    architecture: 'x64',
    cpuModel: null,
    coreCount: 2,
    memoryBytes: 8e9,
    virtualisation: null,
    bootTime: 1_700_000_000_000,
    interfaces: [{ interface: 'eth0', addresses: [], mac: '52:54:00:12:34:56', speedBitsPerSecond: 1e9 }],
  });
  // /run is left out, as on every host.
  expect(mountsOf(metrics)).toEqual([
    {
      mount: '/',
      device: '/dev/sda1',
      type: 'ext4',
      totalBytes: 1e12,
      usedBytes: 4e11,
      availableBytes: 5.5e11,
      inodesTotal: 6.5e7,
      inodesUsed: 5e6,
      isReadOnly: false,
    },
  ]);
  expect(sensorsOf(metrics)).toEqual({
    temperatures: [{ label: 'coretemp Package id 0', celsius: 51.5, criticalCelsius: 100 }],
    fans: [],
    battery: null,
  });
});

test('macOS calls its memory by other names', () => {
  const text = `node_cpu_seconds_total{cpu="0",mode="idle"} 5
node_memory_total_bytes 1.6e+10
node_memory_free_bytes 1e+09
node_memory_inactive_bytes 5e+09
node_memory_purgeable_bytes 5e+08
node_memory_swap_total_bytes 2e+09
node_memory_swap_used_bytes 5e+08
`;
  expect(readingOf(new NodeMetrics(text))!.memory).toMatchObject({
    totalBytes: 1.6e10,
    availableBytes: 6.5e9,
    swapTotalBytes: 2e9,
    swapFreeBytes: 1.5e9,
    swappedInBytes: null,
  });
});

test.each(['', 'up 1', 'node_cpu_seconds_total{cpu="0",mode="idle"} 5', 'node_memory_MemTotal_bytes 5'])(
  '%j is none of a node_exporter',
  (text) => expect(readingOf(new NodeMetrics(text))).toBeNull(),
);

test.each([
  ['enp3s0', 'physical'],
  ['wlan0', 'physical'],
  ['eth0.100', 'virtual'],
  ['br-1a2b', 'virtual'],
  ['wg0', 'virtual'],
  ['lo0', 'loopback'],
])('interface %s is %s', (name, kind) => expect(interfaceKind(name)).toBe(kind));

test.each([
  ['web-1.example.net', 'web-1.example.net'],
  ['[::1]:9100', '1-9100'],
  ['Ünïcode host', 'n-code-host'],
  ['<script>', 'script-'],
  ['日本', 'exporter'],
  ['x'.repeat(99), 'x'.repeat(64)],
])('%j has the id %s', (name, id) => expect(hostIdOf(name)).toBe(id));
