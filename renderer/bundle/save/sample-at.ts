/** The newest sample of a window, put together from its series: the overview of a bundle shows how things stood at its end. */
import type { HistoryRecord, HistoryRecordOf } from '../../../shared/schema/history.ts';
import type { Sample } from '../../../shared/schema/sample.ts';

/** Every sample has it. */
const ALWAYS = 'cpu.idle';

/** Epoch milliseconds of the newest bucket; null: there is none. */
export function newestTime(records: readonly HistoryRecord[]): number | null {
  const begin = records.find(({ kind }) => kind === 'begin');
  const column = records.find((record) => record.kind === 'columns' && record.series === ALWAYS);
  if (begin?.kind !== 'begin' || column?.kind !== 'columns' || column.mean === undefined) return null;
  const at = column.mean.findLastIndex((value) => value !== null);
  return at < 0 ? null : column.start + at * begin.stepMs;
}

/**
 * `like`: a sample of the same host, of any time; it knows the devices, and what of them is physical. Null: there is no such sample, or
 * nothing was measured in the window.
 */
export function sampleAt(like: Sample | null, records: readonly HistoryRecord[]): Sample | null {
  const time = newestTime(records);
  const begin = records.find(({ kind }) => kind === 'begin');
  if (like === null || time === null || begin?.kind !== 'begin') return null;
  const values = new Map<string, number>();
  for (const record of records) {
    if (record.kind !== 'columns') continue;
    const value = valueAt(record, (time - record.start) / begin.stepMs);
    if (value !== null) values.set(record.series, value);
  }
  return withValues(
    { ...like, time, uptimeSeconds: Math.max(0, like.uptimeSeconds - (like.time - time) / 1000) },
    values,
  );
}

function valueAt({ last, mean }: HistoryRecordOf<'columns'>, index: number): number | null {
  return (last ?? mean)?.[index] ?? null;
}

/** The sample with these values in the place of its own, by series key; what has no value then is unknown, or nothing. */
export function withValues(sample: Sample, values: ReadonlyMap<string, number>): Sample {
  const maybe = (key: string) => values.get(key) ?? null;
  const known = (key: string) => values.get(key) ?? 0;
  const { cpu, load, pressure, memory, tcp, kernel } = sample;
  return {
    ...sample,
    cpu: {
      user: known('cpu.user'),
      nice: known('cpu.nice'),
      system: known('cpu.system'),
      iowait: known('cpu.iowait'),
      irq: known('cpu.irq'),
      softirq: known('cpu.softirq'),
      steal: known('cpu.steal'),
      idle: known('cpu.idle'),
      cores: cpu.cores.map((_, core) => known(`core.${core}.busy`)),
      frequencyMhz: maybe('cpu.frequency'),
    },
    load: load && { one: known('load.one'), five: known('load.five'), fifteen: known('load.fifteen') },
    pressure: pressure && {
      cpu: pressure.cpu && { some: known('pressure.cpu.some'), full: null },
      memory: pressure.memory && { some: known('pressure.memory.some'), full: maybe('pressure.memory.full') },
      io: pressure.io && { some: known('pressure.io.some'), full: maybe('pressure.io.full') },
    },
    memory: {
      totalBytes: values.get('memory.total') ?? memory.totalBytes,
      availableBytes: known('memory.available'),
      usedBytes: known('memory.used'),
      freeBytes: known('memory.free'),
      cachedBytes: known('memory.cached'),
      buffersBytes: known('memory.buffers'),
      dirtyBytes: maybe('memory.dirty'),
      swapTotalBytes: known('swap.total'),
      swapUsedBytes: known('swap.used'),
      swapInBytesPerSecond: maybe('swap.in'),
      swapOutBytesPerSecond: maybe('swap.out'),
    },
    disks: sample.disks
      .filter(({ device }) => values.has(`disk.${device}.read`))
      .map(({ device, isPhysical }) => ({
        device,
        isPhysical,
        readBytesPerSecond: known(`disk.${device}.read`),
        writeBytesPerSecond: known(`disk.${device}.write`),
        readOpsPerSecond: known(`disk.${device}.readOps`),
        writeOpsPerSecond: known(`disk.${device}.writeOps`),
        utilisationPercent: known(`disk.${device}.utilisation`),
        awaitMs: maybe(`disk.${device}.await`),
        queueLength: known(`disk.${device}.queue`),
      })),
    interfaces: sample.interfaces
      .filter((net) => values.has(`net.${net.interface}.receive`))
      .map((net) => ({
        interface: net.interface,
        kind: net.kind,
        receiveBytesPerSecond: known(`net.${net.interface}.receive`),
        transmitBytesPerSecond: known(`net.${net.interface}.transmit`),
        receivePacketsPerSecond: known(`net.${net.interface}.receivePackets`),
        transmitPacketsPerSecond: known(`net.${net.interface}.transmitPackets`),
        // A series holds both ways together: told as received.
        receiveErrorsPerSecond: known(`net.${net.interface}.errors`),
        transmitErrorsPerSecond: 0,
        receiveDropsPerSecond: known(`net.${net.interface}.drops`),
        transmitDropsPerSecond: 0,
      })),
    tcp: tcp && {
      retransmitsPerSecond: maybe('tcp.retransmits'),
      established: whole(maybe('tcp.established')),
    },
    kernel: kernel && {
      contextSwitchesPerSecond: known('kernel.contextSwitches'),
      forksPerSecond: known('kernel.forks'),
      processesRunning: whole(known('kernel.running')),
      processesBlocked: whole(known('kernel.blocked')),
    },
  };
}

/** Rolled-up counts have fractions. */
function whole<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Math.round(value)) as Value;
}
