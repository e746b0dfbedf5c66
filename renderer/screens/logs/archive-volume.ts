/** A histogram of the archive as the volume the page draws. */
import type { HistogramCounts, HistogramLevel } from '../../../shared/schema/log-search.ts';
import { logLevels } from '../../../shared/log-level.ts';
import type { Volume } from './volume.ts';

export interface HistogramSpan {
  /** Epoch milliseconds. */
  from: number;
  to: number;
  bucketMs: number;
}

/** Where a level's lines stand in a bin: with the others, the warnings or the errors. */
const kinds: Record<HistogramLevel, 0 | 1 | 2> = {
  none: 0,
  trace: 0,
  debug: 0,
  info: 0,
  warn: 1,
  error: 2,
  fatal: 2,
};

export function archiveVolume({ from, to, bucketMs }: HistogramSpan, counts: HistogramCounts | null): Volume {
  const columns = Math.max(1, Math.ceil((to - from) / bucketMs));
  const bins = Array.from({ length: columns }, (): [number, number, number] => [0, 0, 0]);
  for (const [level, numbers] of Object.entries(counts ?? {})) {
    const kind = kinds[level as HistogramLevel];
    numbers.slice(0, columns).forEach((count, column) => (bins[column]![kind] += count));
  }
  const sum = (kind: 0 | 1 | 2): number => bins.reduce((total, bin) => total + bin[kind], 0);
  const [warnings, errors] = [sum(1), sum(2)];
  return {
    from,
    to: from + columns * bucketMs,
    bins,
    earlier: 0,
    lines: sum(0) + warnings + errors,
    warnings,
    errors,
  };
}

/** Lines by level: [none, trace, debug, ... fatal]. */
export function countsByLevel(counts: HistogramCounts | null): number[] {
  return (['none', ...logLevels] as const).map((level) =>
    (counts?.[level] ?? []).reduce((sum, count) => sum + count, 0),
  );
}
