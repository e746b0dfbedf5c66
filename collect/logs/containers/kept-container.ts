/** As far as a container's log was read. Plain values, for a disk. */

export interface KeptContainer {
  id: string;
  /** See `LogMoment.seconds`. */
  seconds: string;
  /** Lines of that very moment that were read. */
  lines: number;
}

/** False for what a damaged file may hold instead: the values become part of a request. */
export function isKeptContainer(value: unknown): value is KeptContainer {
  const { id, seconds, lines } = (value ?? {}) as Partial<KeptContainer>;
  return (
    typeof id === 'string' &&
    /^[0-9a-f]{12,64}$/.test(id) &&
    typeof seconds === 'string' &&
    /^\d{10,12}\.\d{9}$/.test(seconds) &&
    Number.isSafeInteger(lines)
  );
}
