/** CPU temperature and battery from systeminformation; fans are told nowhere but on Linux. */
import type { Sensors } from '../../../shared/schema/slow-tiers.ts';
import type { SystemInformation } from './portable-machine.ts';

export async function readSensors(library: SystemInformation): Promise<Omit<Sensors, 'host' | 'time'>> {
  const [temperature, battery] = await Promise.all([library.cpuTemperature(), library.battery()]);
  // Null where there is no sensor, whatever the library's types say.
  const main = temperature.main as number | null;
  return {
    temperatures: main ? [{ label: 'CPU', celsius: main, criticalCelsius: null }] : [],
    fans: [],
    battery: battery.hasBattery
      ? {
          percent: Math.min(100, Math.max(0, battery.percent)),
          isCharging: battery.isCharging,
          secondsRemaining: battery.timeRemaining > 0 ? battery.timeRemaining * 60 : null,
        }
      : null,
  };
}
