/** Shares of CPU time by mode between two readings; they add up to 100 whatever the counters did. */
import { cpuModes, type CpuMode, type CpuTimes } from './reading.ts';
import { percent, twoDecimals } from './rounding.ts';

const idle = cpuModes.indexOf('idle');
const iowait = cpuModes.indexOf('iowait');

/**
 * Null where no time was counted. Idle and iowait may go back by a little (kernel doc:
 * filesystems/proc, "iowait ... may decrease"): such a mode counts as nothing for the interval.
 */
export function cpuShares(before: CpuTimes, now: CpuTimes): Record<CpuMode, number> | null {
  const { grown, total } = growth(before, now);
  if (total <= 0) return null;
  const shares = grown.map((time) => percent((100 * time) / total));
  const sum = shares.reduce((all, share) => all + share, 0);
  const largest = shares.indexOf(Math.max(...shares));
  // What rounding took or added goes to the largest mode, where nobody sees it.
  shares[largest] = twoDecimals(shares[largest]! + 100 - sum);
  return Object.fromEntries(cpuModes.map((mode, index) => [mode, shares[index]])) as Record<CpuMode, number>;
}

/** Everything but idle and iowait, 0-100; 0 where no time was counted, as on a core that was offline. */
export function busyShare(before: CpuTimes | null | undefined, now: CpuTimes | null): number {
  if (!before || !now) return 0;
  const { grown, total } = growth(before, now);
  if (total <= 0) return 0;
  return percent((100 * (total - grown[idle]! - grown[iowait]!)) / total);
}

function growth(before: CpuTimes, now: CpuTimes): { grown: number[]; total: number } {
  const grown: number[] = [];
  let total = 0;
  for (let mode = 0; mode < cpuModes.length; mode++) {
    const time = Math.max(0, now[mode]! - before[mode]!);
    grown.push(time);
    total += time;
  }
  return { grown, total };
}
