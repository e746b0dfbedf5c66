/** The machine's battery from /sys/class/power_supply; several are shown as one. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sensors } from '../../../shared/schema/slow-tiers.ts';

interface Cell {
  percent: number;
  status: string;
  /** Energy or charge, and power or current: any unit, the same in all three. */
  now: number | null;
  full: number | null;
  rate: number | null;
}

export async function readBattery(supplyPath: string): Promise<Sensors['battery']> {
  const cells: Cell[] = [];
  for (const name of await readdir(supplyPath).catch(() => [])) {
    const cell = await readCell(join(supplyPath, name));
    if (cell) cells.push(cell);
  }
  if (cells.length === 0) return null;
  const isCharging = cells.some((cell) => cell.status === 'Charging');
  const now = sumOf(cells, 'now');
  const full = sumOf(cells, 'full');
  const mean = cells.reduce((sum, cell) => sum + cell.percent, 0) / cells.length;
  const percent = now !== null && full ? (100 * now) / full : mean;
  return {
    percent: Math.min(100, Math.max(0, Math.round(percent))),
    isCharging,
    secondsRemaining: secondsRemaining(cells, isCharging, now, full),
  };
}

function secondsRemaining(cells: Cell[], isCharging: boolean, now: number | null, full: number | null) {
  const rate = sumOf(cells, 'rate');
  const isDischarging = cells.some((cell) => cell.status === 'Discharging');
  if (!rate || now === null || full === null || !(isCharging || isDischarging)) return null;
  const left = isCharging ? full - now : now;
  return Math.max(0, Math.round((left * 3600) / rate));
}

/** Null for mains, and for the batteries of mice and keyboards (scope Device). */
async function readCell(path: string): Promise<Cell | null> {
  const text = await readFile(join(path, 'uevent'), 'utf8').catch(() => '');
  const fields = new Map(text.split('\n').map((line) => line.split('=') as [string, string]));
  const field = (name: string) => fields.get(`POWER_SUPPLY_${name}`);
  const isBattery = field('TYPE') === 'Battery' || field('CAPACITY') !== undefined;
  if (!isBattery || field('SCOPE') === 'Device') return null;
  const number = (energy: string, charge: string) => {
    const value = Number(field(energy) ?? field(charge) ?? NaN);
    return Number.isNaN(value) ? null : Math.abs(value);
  };
  return {
    percent: Number(field('CAPACITY') ?? 0),
    status: field('STATUS') ?? 'Unknown',
    now: number('ENERGY_NOW', 'CHARGE_NOW'),
    full: number('ENERGY_FULL', 'CHARGE_FULL'),
    rate: number('POWER_NOW', 'CURRENT_NOW'),
  };
}

function sumOf(cells: Cell[], key: 'now' | 'full' | 'rate'): number | null {
  let sum = 0;
  for (const cell of cells) {
    const value = cell[key];
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
