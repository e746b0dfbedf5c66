/** Temperatures, fans and batteries as /sys lays them out. */
import { afterEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { SensorReader } from '../../../../../collect/metrics/linux/sensors.ts';
import { sensors } from '../../../../../shared/schema/slow-tiers.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';

let tree: KernelTree;
afterEach(() => tree[Symbol.dispose]());

async function sensorsOf(files: Record<string, string>) {
  tree = new KernelTree(files);
  const readings = await new SensorReader(join(tree.root, 'sys')).read();
  return sensors.parse({ host: 'h', time: 0, ...readings });
}

const supply = (fields: Record<string, string | number>) =>
  Object.entries(fields)
    .map(([name, value]) => `POWER_SUPPLY_${name}=${value}\n`)
    .join('');

describe('sensors', () => {
  it('read temperatures and fans of hwmon chips', async () => {
    const { temperatures, fans } = await sensorsOf({
      'sys/class/hwmon/hwmon0/name': 'coretemp\n',
      'sys/class/hwmon/hwmon0/temp1_input': '47000\n',
      'sys/class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
      'sys/class/hwmon/hwmon0/temp1_crit': '100000\n',
      'sys/class/hwmon/hwmon0/temp2_input': '-5500\n',
      'sys/class/hwmon/hwmon1/name': 'nct6775\n',
      'sys/class/hwmon/hwmon1/fan1_input': '1203\n',
      'sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
      'sys/class/thermal/thermal_zone0/temp': '47000\n',
    });
    expect(temperatures).toEqual([
      { label: 'coretemp Package id 0', celsius: 47, criticalCelsius: 100 },
      { label: 'coretemp 2', celsius: -5.5, criticalCelsius: null },
    ]);
    expect(fans).toEqual([{ label: 'nct6775 1', rpm: 1203 }]);
  });

  it('fall back on thermal zones', async () => {
    const { temperatures } = await sensorsOf({
      'sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
      'sys/class/thermal/thermal_zone0/temp': '51234\n',
      'sys/class/thermal/cooling_device0/type': 'fan\n',
    });
    expect(temperatures).toEqual([{ label: 'cpu-thermal', celsius: 51.234, criticalCelsius: null }]);
  });

  it('leave out a sensor that does not answer', async () => {
    const { temperatures } = await sensorsOf({
      'sys/class/hwmon/hwmon0/name': 'nvme\n',
      'sys/class/hwmon/hwmon0/temp1_input': '',
      'sys/class/hwmon/hwmon0/temp2_input': '30000\n',
    });
    expect(temperatures).toHaveLength(1);
  });

  it('are nothing on a machine without any', async () => {
    expect(await sensorsOf({})).toMatchObject({ temperatures: [], fans: [], battery: null });
  });
});

describe('the battery', () => {
  const path = 'sys/class/power_supply';

  it('tells how long it lasts', async () => {
    const { battery } = await sensorsOf({
      [`${path}/AC/uevent`]: supply({ NAME: 'AC', TYPE: 'Mains', ONLINE: 0 }),
      [`${path}/BAT0/uevent`]: supply({
        TYPE: 'Battery',
        STATUS: 'Discharging',
        CAPACITY: 50,
        ENERGY_NOW: 20_000_000,
        ENERGY_FULL: 40_000_000,
        POWER_NOW: 10_000_000,
      }),
    });
    expect(battery).toEqual({ percent: 50, isCharging: false, secondsRemaining: 7_200 });
  });

  it('tells how long it charges, of two as of one, whatever the sign of the current', async () => {
    const cell = { TYPE: 'Battery', STATUS: 'Charging', CHARGE_FULL: 4_000, CURRENT_NOW: -1_000 };
    const { battery } = await sensorsOf({
      [`${path}/BAT0/uevent`]: supply({ ...cell, CAPACITY: 75, CHARGE_NOW: 3_000 }),
      [`${path}/BAT1/uevent`]: supply({ ...cell, CAPACITY: 25, CHARGE_NOW: 1_000 }),
    });
    expect(battery).toEqual({ percent: 50, isCharging: true, secondsRemaining: 7_200 });
  });

  it('is not that of a mouse', async () => {
    const { battery } = await sensorsOf({
      [`${path}/hidpp_battery_0/uevent`]: supply({ TYPE: 'Battery', SCOPE: 'Device', CAPACITY: 9 }),
    });
    expect(battery).toBeNull();
  });

  it('says only what it knows', async () => {
    const { battery } = await sensorsOf({
      [`${path}/BAT0/uevent`]: supply({ TYPE: 'Battery', STATUS: 'Full', CAPACITY: 100 }),
    });
    expect(battery).toEqual({ percent: 100, isCharging: false, secondsRemaining: null });
  });
});
