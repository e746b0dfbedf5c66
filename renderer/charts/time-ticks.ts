/** Ticks of the time axis: nice steps in local time, without a date library. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14].map((n) => n * day),
];
/** Longer steps follow the calendar. */
const monthSteps = [1, 2, 3, 6, 12];
const MONTH_MS = 30 * day;

export interface TimeTicks {
  /** Milliseconds between two ticks. */
  step: number;
  /** Epoch milliseconds, ascending. */
  times: number[];
}

/** At most `maxTicks` ticks over `from`..`to` (epoch ms), on whole local seconds, minutes, hours or days. */
export function timeTicks(from: number, to: number, maxTicks: number): TimeTicks {
  const span = to - from;
  const step = steps.find((candidate) => span / candidate <= Math.max(1, maxTicks));
  if (step === undefined) return monthTicks(from, to, maxTicks);
  if (step < day) return { step, times: clockTicks(from, to, step) };
  const times: number[] = [];
  const start = from + localOffset(from);
  for (let local = Math.ceil(start / step) * step; ; local += step) {
    const time = toEpoch(local);
    if (time > to || times.length > 100) break;
    if (time >= from && time !== times.at(-1)) times.push(time);
  }
  return { step, times };
}

/** On whole steps of the clock as it hangs on the wall: an hour that comes twice has its ticks twice, one that is left out has none. */
function clockTicks(from: number, to: number, step: number): number[] {
  const times: number[] = [];
  for (let time = nextClockTick(from - 1, step); time <= to; time = nextClockTick(time, step))
    times.push(time);
  return times;
}

function nextClockTick(after: number, step: number): number {
  const aligned = (offset: number): number => (Math.floor((after + offset) / step) + 1) * step - offset;
  const time = aligned(localOffset(after));
  const offset = localOffset(time);
  if (offset === localOffset(after)) return time;
  // The clock was set in between.
  let set = aligned(offset);
  while (localOffset(set) !== offset) set += step;
  return set;
}

/** The first days of months. */
function monthTicks(from: number, to: number, maxTicks: number): TimeTicks {
  const fits = (months: number): boolean => (to - from) / (months * MONTH_MS) <= Math.max(1, maxTicks);
  const months = monthSteps.find(fits) ?? monthSteps.at(-1)!;
  const begin = new Date(from);
  const times: number[] = [];
  for (let month = Math.ceil(begin.getMonth() / months) * months; ; month += months) {
    const time = new Date(begin.getFullYear(), month, 1).getTime();
    if (time > to) break;
    if (time >= from) times.push(time);
  }
  return { step: months * MONTH_MS, times };
}

/** Milliseconds that local time is ahead of UTC at `time`. */
function localOffset(time: number): number {
  return -new Date(time).getTimezoneOffset() * minute;
}

/** A local clock reading (as if it were UTC) as epoch ms; the offset is that of the result, so DST days stay whole. */
function toEpoch(local: number): number {
  const guess = local - localOffset(local);
  return local - localOffset(guess);
}

const clockFormats = {
  seconds: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  minutes: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }),
  days: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' }),
  months: new Intl.DateTimeFormat('en', { month: 'short' }),
};

/** "14:02:10", "14:02", "Nov 21" or "Nov", as fine as the step; midnight shows its day, January its year. */
export function timeTickLabel(time: number, step: number): string {
  if (step >= MONTH_MS) {
    const date = new Date(time);
    return date.getMonth() === 0 ? String(date.getFullYear()) : clockFormats.months.format(time);
  }
  if (step < minute) return clockFormats.seconds.format(time);
  const isMidnight = (time + localOffset(time)) % day === 0;
  return isMidnight ? clockFormats.days.format(time) : clockFormats.minutes.format(time);
}
