/** How long something still lasts, in one unit that a person would say: "2 h", "45 min", "30 s". */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Rounded to the nearest of the unit, which changes at one and a half of the larger one; never less than "0 s". */
export function formatTimeLeft(ms: number): string {
  if (ms >= 1.5 * DAY_MS) return `${Math.round(ms / DAY_MS)} d`;
  if (ms >= 1.5 * HOUR_MS) return `${Math.round(ms / HOUR_MS)} h`;
  if (ms >= 1.5 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.max(0, Math.ceil(ms / 1_000))} s`;
}
