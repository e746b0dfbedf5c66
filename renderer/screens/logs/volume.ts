/** How many lines there are over time, in three kinds: errors, warnings, all others. */
import { levelRank } from '../../../shared/log-level.ts';

export interface Volume {
  /** Epoch milliseconds; the bins divide this span evenly. */
  from: number;
  to: number;
  /** Per bin: [others, warnings, errors]. */
  bins: [number, number, number][];
  /** Lines older than `from`. */
  earlier: number;
  lines: number;
  warnings: number;
  errors: number;
}

export interface VolumeOptions {
  /** Calls once per line; the order does not matter. */
  each: (visit: (time: number, rank: number) => void) => void;
  binCount: number;
  /** Epoch milliseconds of the hub. */
  now: number;
  /** The span shown; null: as far back as most lines go. */
  span: { from: number; to: number } | null;
}

const minute = 60_000;
/** Looking back: a minute, 5, 15, an hour, 6, a day, a week, 30 days. */
const lookbacks = [1, 5, 15, 60, 360, 1_440, 10_080, 43_200].map((minutes) => minutes * minute);
/** A few old lines (the end of a file nobody writes to) must not squeeze all others into one bin. */
const shareShown = 0.9;

const warnRank = levelRank('warn');
const errorRank = levelRank('error');

export function volumeOf(options: VolumeOptions): Volume {
  const { each, binCount } = options;
  const { from, to } = options.span ?? lookBack(options);
  const volume: Volume = {
    from,
    to,
    bins: Array.from({ length: binCount }, () => [0, 0, 0]),
    earlier: 0,
    lines: 0,
    warnings: 0,
    errors: 0,
  };
  const scale = binCount / (to - from);
  each((time, rank) => {
    volume.lines++;
    const kind = rank >= errorRank ? 2 : rank === warnRank ? 1 : 0;
    if (kind === 2) volume.errors++;
    else if (kind === 1) volume.warnings++;
    if (time < from) {
      volume.earlier++;
      return;
    }
    const bin = Math.min(binCount - 1, Math.floor((time - from) * scale));
    volume.bins[bin]![kind]++;
  });
  return volume;
}

function lookBack({ each, now }: VolumeOptions): { from: number; to: number } {
  const within = new Array<number>(lookbacks.length).fill(0);
  let lines = 0;
  let newest = now;
  each((time) => {
    lines++;
    if (time > newest) newest = time;
    const age = now - time;
    for (let index = lookbacks.length - 1; index >= 0 && age <= lookbacks[index]!; index--) within[index]!++;
  });
  const index = within.findIndex((count) => count >= lines * shareShown);
  return { from: now - lookbacks[index < 0 ? lookbacks.length - 1 : index]!, to: newest + 1 };
}
