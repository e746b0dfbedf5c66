/** Durations, ages and times of day. */
import { formatNumber, isKnown, unknown } from './number.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** The two largest units: "48 s", "12 min", "4 h 12 min", "3 d 4 h", "412 d". */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isKnown(seconds) || seconds < 0) return unknown;
  const whole = Math.floor(seconds);
  if (whole < minute) return `${whole} s`;
  if (whole < hour) return `${Math.floor(whole / minute)} min`;
  if (whole < day) return pair(whole, hour, 'h', minute, 'min');
  if (whole < 100 * day) return pair(whole, day, 'd', hour, 'h');
  return `${Math.floor(whole / day)} d`;
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  const head = `${Math.floor(seconds / large)} ${largeUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}

/** How long ago: "now" below two seconds, then the largest unit alone. */
export function formatAge(ms: number | null | undefined): string {
  if (!isKnown(ms)) return unknown;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return 'now';
  if (seconds < minute) return `${seconds} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < day) return `${Math.floor(seconds / hour)} h`;
  return `${Math.floor(seconds / day)} d`;
}

/** How far behind: "12 ms", "1.4 s", then as a duration; '' where nobody knows. */
export function formatLag(ms: number | null | undefined): string {
  if (!isKnown(ms)) return '';
  if (ms < 1_000) return `${Math.round(Math.max(0, ms))} ms`;
  return ms < 60_000 ? `${formatNumber(ms / 1000)} s` : formatDuration(ms / 1000);
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clockMinutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });

const wholeDate = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** "Nov 20, 2027" */
export function formatDate(time: number): string {
  return wholeDate.format(time);
}

/** "14:03:12" in the reader's time zone. */
export function formatClock(time: number): string {
  return clock.format(time);
}

const clockDate = new Intl.DateTimeFormat('en', { year: 'numeric', month: 'short', day: 'numeric' });

/** How finely, and seen from when, a moment is told. */
export interface MomentView {
  /** What the moment stands for, in milliseconds: with less than a minute its seconds are told, with a day or more no time of day. */
  stepMs: number;
  /** Epoch milliseconds. */
  now: number;
}

/** "14:03:12" or "14:03" today, "Nov 20 14:03:12" on another day, "Nov 20, 2025 14:03" in another year. */
export function formatInstant(time: number, { stepMs, now }: MomentView): string {
  const [date, today] = [new Date(time), new Date(now)];
  const isThisYear = date.getFullYear() === today.getFullYear();
  const dayText = isThisYear ? calendar.format(time) : clockDate.format(time);
  if (stepMs >= day * 1000) return dayText;
  const clockText = (stepMs < minute * 1000 ? clock : clockMinutes).format(time);
  return date.toDateString() === today.toDateString() ? clockText : `${dayText} ${clockText}`;
}

/** Both ends of a stretch, the day told once where it is the same: "Nov 20 14:03 \u2013 15:10". */
export function formatStretch(from: number, to: number, view: MomentView): string {
  const isOneDay = new Date(from).toDateString() === new Date(to).toDateString();
  const end = isOneDay ? { ...view, now: to } : view;
  return `${formatInstant(from, view)} \u2013 ${formatInstant(to, end)}`;
}

/** "14:03" today, "Nov 20 14:03" on any other day. */
export function formatMoment(time: number, now: number): string {
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  return isToday ? clockMinutes.format(time) : `${calendar.format(time)} ${clockMinutes.format(time)}`;
}
