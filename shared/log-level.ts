/** Log levels, least to most severe. A line without a recognisable level has `null`. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** -1 for null, so that `level>=` filters never match lines of unknown level by accident. */
export function levelRank(level: LogLevel | null): number {
  return level === null ? -1 : logLevels.indexOf(level);
}
