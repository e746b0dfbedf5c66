/** Temperatures, fans and battery from /sys (kernel doc: hwmon/sysfs-interface, power/power_supply_class). */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sensors } from '../../../shared/schema/slow-tiers.ts';
import { readBattery } from './battery.ts';

type Temperature = Sensors['temperatures'][number];
type Fan = Sensors['fans'][number];

/** As many as one event may carry. */
const MAX_TEMPERATURES = 512;
const MAX_FANS = 128;
/** The sensors found are asked this often before they are looked for again. */
const READINGS_BETWEEN_LOOKS = 60;

interface Sensor {
  label: string;
  inputPath: string;
  criticalCelsius: number | null;
}

export class SensorReader {
  readonly #sysPath: string;
  #found: { temperatures: Sensor[]; fans: Sensor[] } | null = null;
  #readings = 0;

  constructor(sysPath: string) {
    this.#sysPath = sysPath;
  }

  /** Reads off the loop's thread: a sensor behind a slow bus may take tens of milliseconds. */
  async read(): Promise<Omit<Sensors, 'host' | 'time'>> {
    if (this.#readings++ % READINGS_BETWEEN_LOOKS === 0) this.#found = await findSensors(this.#sysPath);
    const temperatures: Temperature[] = [];
    for (const { inputPath, label, criticalCelsius } of this.#found?.temperatures ?? []) {
      const millicelsius = await readNumber(inputPath);
      if (millicelsius !== null) temperatures.push({ label, celsius: millicelsius / 1000, criticalCelsius });
    }
    const fans: Fan[] = [];
    for (const { inputPath, label } of this.#found?.fans ?? []) {
      const rpm = await readNumber(inputPath);
      if (rpm !== null && rpm >= 0) fans.push({ label, rpm });
    }
    return { temperatures, fans, battery: await readBattery(join(this.#sysPath, 'class/power_supply')) };
  }
}

async function findSensors(sysPath: string) {
  const temperatures: Sensor[] = [];
  const fans: Sensor[] = [];
  for (const chip of await list(join(sysPath, 'class/hwmon'))) {
    const folder = join(sysPath, 'class/hwmon', chip);
    const name = (await readText(join(folder, 'name'))) ?? chip;
    for (const entry of await list(folder)) {
      const [, kind, number] = /^(temp|fan)(\d+)_input$/.exec(entry) ?? [];
      if (!kind || !number) continue;
      const own = await readText(join(folder, `${kind}${number}_label`));
      const sensor = {
        label: `${name} ${own ?? number}`.slice(0, 128),
        inputPath: join(folder, entry),
        criticalCelsius: kind === 'temp' ? await readCritical(join(folder, `temp${number}_crit`)) : null,
      };
      (kind === 'temp' ? temperatures : fans).push(sensor);
    }
  }
  // Thermal zones show again as hwmon chips where both exist.
  if (temperatures.length === 0)
    temperatures.push(...(await findThermalZones(join(sysPath, 'class/thermal'))));
  return { temperatures: temperatures.slice(0, MAX_TEMPERATURES), fans: fans.slice(0, MAX_FANS) };
}

async function findThermalZones(thermalPath: string): Promise<Sensor[]> {
  const zones: Sensor[] = [];
  for (const zone of await list(thermalPath)) {
    if (!zone.startsWith('thermal_zone')) continue;
    const label = (await readText(join(thermalPath, zone, 'type'))) ?? zone;
    zones.push({
      label: label.slice(0, 128),
      inputPath: join(thermalPath, zone, 'temp'),
      criticalCelsius: null,
    });
  }
  return zones;
}

/** Some chips say 0 or an absurd number for "none". */
async function readCritical(path: string): Promise<number | null> {
  const millicelsius = await readNumber(path);
  return millicelsius !== null && millicelsius > 0 && millicelsius < 250_000 ? millicelsius / 1000 : null;
}

async function list(path: string): Promise<string[]> {
  return (await readdir(path).catch(() => [])).sort();
}

async function readText(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}

async function readNumber(path: string): Promise<number | null> {
  const text = await readText(path);
  return text === null || text === '' || Number.isNaN(Number(text)) ? null : Number(text);
}
