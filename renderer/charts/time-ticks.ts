/** Ticks of the time axis: nice steps in local time, without a date library. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28].map((n) => n * day),
];

export interface TimeTicks {
  /** Milliseconds between two ticks. */
  step: number;
  /** Epoch milliseconds, ascending. */
  times: number[];
}

/** At most `maxTicks` ticks over `from`..`to` (epoch ms), on whole local seconds, minutes, hours or days. */
export function timeTicks(from: number, to: number, maxTicks: number): TimeTicks {
  const span = to - from;
  const step = steps.find((candidate) => span / candidate <= Math.max(1, maxTicks)) ?? steps.at(-1)!;
  const times: number[] = [];
  const start = from + localOffset(from);
  for (let local = Math.ceil(start / step) * step; ; local += step) {
    const time = toEpoch(local);
    if (time > to || times.length > 100) break;
    if (time >= from && time !== times.at(-1)) times.push(time);
  }
  return { step, times };
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
};

/** "14:02:10", "14:02" or "Nov 21", as fine as the step; midnight shows its day. */
export function timeTickLabel(time: number, step: number): string {
  if (step < minute) return clockFormats.seconds.format(time);
  const isMidnight = (time + localOffset(time)) % day === 0;
  return isMidnight ? clockFormats.days.format(time) : clockFormats.minutes.format(time);
}
