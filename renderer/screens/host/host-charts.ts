/** The charts of the Host screen, each as a spec; what a machine lacks has no chart. */
import type { ChartSpec, SeriesColour, SeriesSpec } from '../../charts/chart-spec.ts';
import {
  amountUnit,
  bitRateUnit,
  byteRateUnit,
  bytesUnit,
  celsiusUnit,
  percentUnit,
} from '../../charts/units.ts';
import { formatPercent } from '../../format/units.ts';
import { hostMessages } from './host-messages.ts';
import { slowNameShown, slowSeriesOf } from '../../../shared/slow-series.ts';
import { visibleText } from '../../../shared/visible-text.ts';

const texts = hostMessages.charts;
const lineColours: readonly SeriesColour[] = ['s1', 's2', 's3', 's4', 's5', 's6'];

/** Lines told apart by colour alone: more than there are colours would be unreadable. */
export const MAX_LINES = lineColours.length;

/** Below these an axis does not shrink: idle noise is no mountain. */
const DISK_FLOOR = 64 * 1024;
const NETWORK_FLOOR_BITS = 10_000;
const NETWORK_FLOOR_BYTES = 1024;
const PRESSURE_FLOOR = 5;
const CELSIUS_FLOOR = 60;

export function cpuChart(): ChartSpec {
  return {
    title: texts.cpu,
    unit: percentUnit,
    axis: { kind: 'fixed', max: 100 },
    series: [
      { label: texts.user, colour: 's1', keys: ['cpu.user', 'cpu.nice'], isStacked: true },
      { label: texts.system, colour: 's4', keys: ['cpu.system', 'cpu.irq', 'cpu.softirq'], isStacked: true },
      { label: texts.iowait, colour: 's2', keys: ['cpu.iowait'], isStacked: true },
      { label: texts.steal, colour: 's5', keys: ['cpu.steal'], isStacked: true },
    ],
    whole: { of: 100, lessKey: 'cpu.idle' },
    // Waiting for a disk is not being busy.
    headline: ([user, system, , steal]) => formatPercent(user! + system! + steal!),
    watched: { measure: 'cpu', valueOf: (percent) => percent },
  };
}

export function memoryChart(totalBytes: number, hasSwap: boolean): ChartSpec {
  const series: SeriesSpec[] = [
    { label: texts.used, colour: 's4', keys: ['memory.used'], isStacked: true },
    { label: texts.cache, colour: 's3', keys: ['memory.cached', 'memory.buffers'], isStacked: true },
  ];
  if (hasSwap) series.push({ label: texts.swap, colour: 's2', keys: ['swap.used'] });
  return {
    title: texts.memory,
    unit: bytesUnit,
    axis: { kind: 'fixed', max: totalBytes },
    series,
    headline: ([used]) => formatPercent(totalBytes > 0 ? (100 * used!) / totalBytes : null),
    watched: { measure: 'memory', valueOf: (percent) => (percent / 100) * totalBytes },
  };
}

export function diskTrafficChart(): ChartSpec {
  return {
    title: texts.diskTraffic,
    unit: byteRateUnit,
    axis: { kind: 'auto', floor: DISK_FLOOR },
    series: [
      { label: texts.read, colour: 's3', keys: ['disk.read'], isFilled: true },
      { label: texts.write, colour: 's6', keys: ['disk.write'], isMirrored: true },
    ],
  };
}

export function networkChart(unit: 'bits' | 'bytes'): ChartSpec {
  return {
    title: texts.network,
    unit: unit === 'bits' ? bitRateUnit : byteRateUnit,
    axis: { kind: 'auto', floor: unit === 'bits' ? NETWORK_FLOOR_BITS : NETWORK_FLOOR_BYTES },
    series: [
      { label: texts.receive, colour: 's1', keys: ['net.receive'], isFilled: true },
      { label: texts.transmit, colour: 's2', keys: ['net.transmit'], isMirrored: true },
    ],
  };
}

/** A heat strip: one row per core. */
export function coresChart(coreCount: number): ChartSpec {
  return {
    title: texts.cores,
    unit: percentUnit,
    axis: { kind: 'fixed', max: 100 },
    series: Array.from({ length: coreCount }, (_, core) => ({
      label: texts.core(core),
      colour: 's1',
      keys: [`core.${core}.busy`],
    })),
  };
}

/** The axis always reaches the number of cores: a load means little without it. */
export function loadChart(coreCount: number): ChartSpec {
  return {
    title: texts.load,
    unit: amountUnit,
    axis: { kind: 'auto', floor: coreCount },
    series: [
      { label: texts.load1, colour: 's1', keys: ['load.one'], isFilled: true },
      { label: texts.load5, colour: 's4', keys: ['load.five'] },
      { label: texts.load15, colour: 's3', keys: ['load.fifteen'] },
    ],
    thresholds: [{ value: coreCount, label: texts.coreTick(coreCount) }],
  };
}

export function pressureChart(): ChartSpec {
  return {
    title: texts.pressure,
    unit: percentUnit,
    axis: { kind: 'auto', floor: PRESSURE_FLOOR, ceiling: 100 },
    series: [
      { label: texts.pressureCpu, colour: 's1', keys: ['pressure.cpu.some'] },
      { label: texts.pressureMemory, colour: 's4', keys: ['pressure.memory.some'] },
      { label: texts.pressureIo, colour: 's2', keys: ['pressure.io.some'] },
    ],
  };
}

export function utilisationChart(devices: readonly string[]): ChartSpec {
  return {
    title: texts.utilisation,
    unit: percentUnit,
    axis: { kind: 'fixed', max: 100 },
    series: devices.slice(0, MAX_LINES).map((device, index) => ({
      label: visibleText(device),
      colour: lineColours[index]!,
      keys: [`disk.${device}.utilisation`],
    })),
  };
}

/** `keys`: of temperatures. `criticalCelsius` null: the hardware names no limit. */
export function temperatureChart(keys: readonly string[], criticalCelsius: number | null): ChartSpec {
  return {
    title: texts.temperature,
    unit: celsiusUnit,
    axis: { kind: 'auto', floor: CELSIUS_FLOOR },
    series: keys.slice(0, MAX_LINES).map((key, index) => ({
      label: visibleText(slowNameShown(slowSeriesOf(key)!)),
      colour: lineColours[(index + 4) % lineColours.length]!,
      keys: [key],
    })),
    thresholds: criticalCelsius === null ? [] : [{ value: criticalCelsius, label: texts.criticalTick }],
  };
}
