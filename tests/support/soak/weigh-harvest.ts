/** Compares what a hub has kept with what happened on the agent's machine. */
import type { HarvestedRun, IntakeHarvest } from './intake-harvest.ts';

/** One process of the agent, by `performance.now()`. */
export interface AgentLife {
  from: number;
  to: number;
  isKilled: boolean;
}

export interface Weighed {
  lines: number;
  samples: number;
  runs: number;
  /** Lines that are not there, or more than once. */
  linesLost: number[];
  linesDoubled: number[];
  /** Records that are there more than once, as run and sequence. */
  recordsDoubled: string[];
  /** The longest time before a SIGKILL from which a record is missing. Its bar is the flush window and what reading a line takes. */
  worstLossMs: number;
  /** Runs with a record missing that no SIGKILL explains. */
  holes: string[];
  damaged: number;
}

export interface AgentsSoakResult extends Weighed {
  link: 'relay' | 'cable';
  agentKills: number;
  hubKills: number;
  cuts: number;
  shifts: number;
}

/** `writtenAt[n]`: when line n was written. Lines before the agent was sure to follow the file may be missing: `warmUp` of them. */
export function weigh(
  harvest: IntakeHarvest,
  writtenAt: readonly number[],
  lives: readonly AgentLife[],
  warmUp: number,
): Weighed {
  const runs = [...harvest.runs];
  const times = writtenAt.map(() => 0);
  for (const [, { lines }] of runs) for (const { number } of lines) times[number]! += 1;
  const first = Math.min(
    warmUp,
    times.findIndex((count) => count > 0),
  );
  const numbersWhere = (isMeant: (count: number) => boolean) =>
    times.flatMap((count, number) => (number >= first && isMeant(count) ? [number] : []));
  const holes: string[] = [];
  let worstLossMs = 0;
  for (const [run, harvested] of runs) {
    const { lossMs, hasHole } = lossOf(harvested, writtenAt, lives);
    worstLossMs = Math.max(worstLossMs, lossMs ?? 0);
    if (hasHole && lossMs === null) holes.push(run);
  }
  return {
    lines: writtenAt.length,
    samples: runs.reduce((sum, [, { samples }]) => sum + samples, 0),
    runs: runs.length,
    linesLost: numbersWhere((count) => count === 0),
    linesDoubled: numbersWhere((count) => count > 1),
    recordsDoubled: runs.flatMap(([run, { times: counts }]) =>
      counts.flatMap((count, at) => (count > 1 ? [`${run} ${at + 1}`] : [])),
    ),
    worstLossMs,
    holes,
    damaged: harvest.damaged,
  };
}

/**
 * A run's records are one sequence, and lines of the log stand in it every few milliseconds: the last line before the first
 * record that is missing says from when on records are. Null: the run was not killed, or had not caught up by then.
 */
function lossOf(
  { times, lines }: HarvestedRun,
  writtenAt: readonly number[],
  lives: readonly AgentLife[],
): { lossMs: number | null; hasHole: boolean } {
  const missing = Array.from(times, (count) => count ?? 0).indexOf(0);
  const hasHole = missing !== -1;
  const before = lines.filter(({ seq }) => !hasHole || seq <= missing);
  const newest = Math.max(-1, ...before.map(({ number }) => number));
  const at = writtenAt[newest];
  const life = at === undefined ? undefined : lives.find(({ from, to }) => from <= at && at <= to);
  return { lossMs: life?.isKilled ? life.to - at! : null, hasHole };
}
