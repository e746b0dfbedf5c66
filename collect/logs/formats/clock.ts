/** From what a line writes to epoch milliseconds; what it leaves out (zone, year, day) is the machine's own. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface ClockTime {
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

export interface Clock {
  /** NaN where no such date exists. `zoneMinutes` east of UTC; null: the machine's zone. `month` is 1-12. */
  at(year: number, month: number, day: number, time: ClockTime, zoneMinutes: number | null): number;
  /** The same without a year: the latest one that is not in the future by more than a day. */
  withoutYear(month: number, day: number, time: ClockTime): number;
  /** The same without a day: today, or yesterday where that would be more than an hour ahead. */
  withoutDay(time: ClockTime): number;
}

/** @param now epoch milliseconds. */
export function createClock(now: () => number): Clock {
  // Lines come in order: the hour of the line before is nearly always the hour of this one.
  let knownHour = -1;
  let knownHourMs = NaN;

  function at(year: number, month: number, day: number, time: ClockTime, zoneMinutes: number | null): number {
    const { hour, minute, second, ms } = time;
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
    const key = (((year * 16 + month) * 32 + day) * 32 + hour) * 2 + (zoneMinutes === null ? 1 : 0);
    if (key !== knownHour) {
      knownHour = key;
      knownHourMs =
        zoneMinutes === null
          ? new Date(year, month - 1, day, hour).getTime()
          : Date.UTC(year, month - 1, day, hour);
    }
    return knownHourMs + minute * 60_000 + second * 1000 + ms - (zoneMinutes ?? 0) * 60_000;
  }

  return {
    at,
    withoutYear(month, day, time) {
      const today = now();
      const year = new Date(today).getFullYear();
      const inThisYear = at(year, month, day, time, null);
      return inThisYear > today + DAY_MS ? at(year - 1, month, day, time, null) : inThisYear;
    },
    withoutDay(time) {
      const today = now();
      const date = new Date(today);
      const found = at(date.getFullYear(), date.getMonth() + 1, date.getDate(), time, null);
      return found > today + HOUR_MS ? found - DAY_MS : found;
    },
  };
}
