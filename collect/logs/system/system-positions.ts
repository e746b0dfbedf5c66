/** How far the system's own logs were read. Plain values, for a disk. */

/** By log: on Windows the record's number, on macOS the time (epoch milliseconds). */
export type SystemPositions = Readonly<Record<string, number>>;

/** False for what a damaged file may hold instead: the values become part of a command. */
export function isSystemPositions(value: unknown): value is SystemPositions {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([log, place]) => /^\w{1,32}$/.test(log) && Number.isSafeInteger(place) && (place as number) >= 0,
  );
}
