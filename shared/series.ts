/**
 * A series is one metric of one host over time. This file gives each number of a sample its series key,
 * so that charts, history and the snapshot's `recent` columns agree on names.
 */
import type { Sample } from './schema/sample.ts';

export type SeriesVisitor = (key: string, value: number | null) => void;

/** Calls `visit` for every series of a sample, always in the same order for the same devices. */
export function eachSeries(sample: Sample, visit: SeriesVisitor): void {
  const { cpu, load, pressure, memory, tcp, kernel } = sample;
  visit('cpu.user', cpu.user);
  visit('cpu.nice', cpu.nice);
  visit('cpu.system', cpu.system);
  visit('cpu.iowait', cpu.iowait);
  visit('cpu.irq', cpu.irq);
  visit('cpu.softirq', cpu.softirq);
  visit('cpu.steal', cpu.steal);
  visit('cpu.idle', cpu.idle);
  visit('cpu.frequency', cpu.frequencyMhz);
  for (let core = 0; core < cpu.cores.length; core++) visit(`core.${core}.busy`, cpu.cores[core]!);
  visit('load.one', load?.one ?? null);
  visit('load.five', load?.five ?? null);
  visit('load.fifteen', load?.fifteen ?? null);
  visit('pressure.cpu.some', pressure?.cpu?.some ?? null);
  visit('pressure.memory.some', pressure?.memory?.some ?? null);
  visit('pressure.memory.full', pressure?.memory?.full ?? null);
  visit('pressure.io.some', pressure?.io?.some ?? null);
  visit('pressure.io.full', pressure?.io?.full ?? null);
  visit('memory.total', memory.totalBytes);
  visit('memory.available', memory.availableBytes);
  visit('memory.used', memory.usedBytes);
  visit('memory.free', memory.freeBytes);
  visit('memory.cached', memory.cachedBytes);
  visit('memory.buffers', memory.buffersBytes);
  visit('memory.dirty', memory.dirtyBytes);
  visit('swap.total', memory.swapTotalBytes);
  visit('swap.used', memory.swapUsedBytes);
  visit('swap.in', memory.swapInBytesPerSecond);
  visit('swap.out', memory.swapOutBytesPerSecond);
  for (const disk of sample.disks) {
    visit(`disk.${disk.device}.read`, disk.readBytesPerSecond);
    visit(`disk.${disk.device}.write`, disk.writeBytesPerSecond);
    visit(`disk.${disk.device}.readOps`, disk.readOpsPerSecond);
    visit(`disk.${disk.device}.writeOps`, disk.writeOpsPerSecond);
    visit(`disk.${disk.device}.utilisation`, disk.utilisationPercent);
    visit(`disk.${disk.device}.await`, disk.awaitMs);
    visit(`disk.${disk.device}.queue`, disk.queueLength);
  }
  for (const net of sample.interfaces) {
    visit(`net.${net.interface}.receive`, net.receiveBytesPerSecond);
    visit(`net.${net.interface}.transmit`, net.transmitBytesPerSecond);
    visit(`net.${net.interface}.receivePackets`, net.receivePacketsPerSecond);
    visit(`net.${net.interface}.transmitPackets`, net.transmitPacketsPerSecond);
    visit(`net.${net.interface}.errors`, net.receiveErrorsPerSecond + net.transmitErrorsPerSecond);
    visit(`net.${net.interface}.drops`, net.receiveDropsPerSecond + net.transmitDropsPerSecond);
  }
  const totals = totalsOf(sample);
  visit('disk.read', totals.diskReadBytesPerSecond);
  visit('disk.write', totals.diskWriteBytesPerSecond);
  visit('net.receive', totals.receiveBytesPerSecond);
  visit('net.transmit', totals.transmitBytesPerSecond);
  visit('tcp.retransmits', tcp?.retransmitsPerSecond ?? null);
  visit('tcp.established', tcp?.established ?? null);
  visit('kernel.contextSwitches', kernel?.contextSwitchesPerSecond ?? null);
  visit('kernel.forks', kernel?.forksPerSecond ?? null);
  visit('kernel.running', kernel?.processesRunning ?? null);
  visit('kernel.blocked', kernel?.processesBlocked ?? null);
}

export interface SampleTotals {
  /** Everything but idle and iowait, 0-100 of the whole machine. */
  cpuBusyPercent: number;
  memoryUsedPercent: number;
  diskReadBytesPerSecond: number;
  diskWriteBytesPerSecond: number;
  receiveBytesPerSecond: number;
  transmitBytesPerSecond: number;
}

/**
 * The machine's totals. Disks: physical ones only, or all where none is (a container). Network: physical
 * interfaces only, or all but loopback where none is; so a bridged byte is counted once.
 */
export function totalsOf(sample: Sample): SampleTotals {
  const { cpu, memory, disks, interfaces } = sample;
  const totals: SampleTotals = {
    cpuBusyPercent: Math.max(0, 100 - cpu.idle - cpu.iowait),
    memoryUsedPercent: memory.totalBytes > 0 ? (100 * memory.usedBytes) / memory.totalBytes : 0,
    diskReadBytesPerSecond: 0,
    diskWriteBytesPerSecond: 0,
    receiveBytesPerSecond: 0,
    transmitBytesPerSecond: 0,
  };
  const hasPhysicalDisk = disks.some((disk) => disk.isPhysical);
  for (const disk of disks) {
    if (hasPhysicalDisk && !disk.isPhysical) continue;
    totals.diskReadBytesPerSecond += disk.readBytesPerSecond;
    totals.diskWriteBytesPerSecond += disk.writeBytesPerSecond;
  }
  const hasPhysicalInterface = interfaces.some((net) => net.kind === 'physical');
  for (const net of interfaces) {
    if (hasPhysicalInterface ? net.kind !== 'physical' : net.kind === 'loopback') continue;
    totals.receiveBytesPerSecond += net.receiveBytesPerSecond;
    totals.transmitBytesPerSecond += net.transmitBytesPerSecond;
  }
  return totals;
}
